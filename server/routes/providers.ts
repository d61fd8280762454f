import { findWorkspace } from "#db/queries/workspaces.ts";
import { readProviderStates } from "../commands/provider-states.ts";
import { setProvider } from "../commands/set-provider.ts";
import { testProvider } from "../commands/test-provider.ts";
import { notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";

export const providerRoutes = {
  listProviders: async ({ db, workspaceId }) => ({ items: await readProviderStates(db, workspaceId) }),

  setProvider: async ({ db, workspaceId, principal, params, body, resources, note }) => {
    const { providers: directory, masterKey } = resources;
    const { channel } = params;
    const state = await setProvider(db, { directory, masterKey, workspaceId, userId: principal.userId, channel, input: body });
    note({ subjectId: channel, details: { provider: state.provider } });
    return state;
  },

  testProvider: async ({ db, workspaceId, principal, params, body, resources, note }) => {
    const workspace = await findWorkspace(db, { workspaceId, userId: principal.userId });
    if (!workspace) throw notFound();
    const { ownerDb, providers } = resources;
    note({ subjectId: params.channel });
    return { success: true as const, ...(await testProvider({ ownerDb, providers, workspace, channel: params.channel, to: body.to })) };
  },
} satisfies Pick<Handlers, "listProviders" | "setProvider" | "testProvider">;
