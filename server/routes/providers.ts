import { listProviders } from "#db/queries/providers.ts";
import { findWorkspace } from "#db/queries/workspaces.ts";
import { setProvider } from "../commands/set-provider.ts";
import { testProvider } from "../commands/test-provider.ts";
import { notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";

export const providerRoutes = {
  listProviders: async ({ db, workspaceId }) => ({ items: await listProviders(db, { workspaceId }) }),

  setProvider: async ({ db, workspaceId, principal, params, body, resources, note }) => {
    const { providers, masterKey } = resources;
    note({ subjectId: params.channel, details: { provider: body.provider } });
    return setProvider(db, { providers, masterKey, workspaceId, userId: principal.userId, channel: params.channel, input: body });
  },

  testProvider: async ({ db, workspaceId, principal, params, body, resources, note }) => {
    const workspace = await findWorkspace(db, { workspaceId, userId: principal.userId });
    if (!workspace) throw notFound();
    const { ownerDb, providers } = resources;
    note({ subjectId: params.channel });
    return { success: true as const, ...(await testProvider({ ownerDb, providers, workspace, channel: params.channel, to: body.to })) };
  },
} satisfies Pick<Handlers, "listProviders" | "setProvider" | "testProvider">;
