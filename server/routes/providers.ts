import { findWorkspace } from "#db/queries/workspaces.ts";
import { readProviderStates } from "../commands/provider-states.ts";
import { readProviderInput, setProvider } from "../commands/set-provider.ts";
import { testProvider } from "../commands/test-provider.ts";
import { notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";

/** Milliseconds. A worker uses the settings it has read for a second at most. */
const settingsReadWithinMs = 2_000;

export const providerRoutes = {
  listProviders: async ({ db, workspaceId }) => ({ items: await readProviderStates(db, workspaceId) }),

  setProvider: async ({ db, workspaceId, principal, params, query, body, resources, note }) => {
    const { providers: directory, masterKey } = resources;
    const { channel } = params;
    const check = query.check === "yes";
    const state = await setProvider(db, { directory, masterKey, workspaceId, userId: principal.userId, channel, input: body, check });
    // Messages that wait for the old settings try the new ones, once every process has read them.
    await resources.engine.tryChannel({ workspaceId, channel, afterMs: settingsReadWithinMs });
    note({ subjectId: channel, details: { provider: state.provider } });
    return state;
  },

  testProvider: async ({ db, workspaceId, principal, params, body, resources, note }) => {
    const workspace = await findWorkspace(db, { workspaceId, userId: principal.userId });
    if (!workspace) throw notFound();
    const { ownerDb, providers } = resources;
    note({ subjectId: params.channel });
    const { channel } = params;
    const { to, using } = body;
    const provider = using && (await readProviderInput(db, { directory: providers, workspaceId, channel, input: using }));
    const typed = provider && (await providers.openWith({ workspaceId, channel, ...provider, provider: provider.provider.name }));
    try {
      return { success: true as const, ...(await testProvider({ ownerDb, providers, workspace, channel, to, typed })) };
    } finally {
      await typed?.close?.();
    }
  },
} satisfies Pick<Handlers, "listProviders" | "setProvider" | "testProvider">;
