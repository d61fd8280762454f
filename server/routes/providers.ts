import type { ProviderState } from "#contract/providers.ts";
import { listArrivals } from "#db/queries/inbound-arrivals.ts";
import { findMailboxState } from "#db/queries/mailboxes.ts";
import { findWorkspace } from "#db/queries/workspaces.ts";
import { readProviderState, readProviderStates } from "../commands/provider-states.ts";
import { checkProvider, readProviderInput, setProvider } from "../commands/set-provider.ts";
import { testProvider } from "../commands/test-provider.ts";
import { changeDetails } from "../http/change-details.ts";
import { notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";

/** Milliseconds. A worker uses the settings it has read for a second at most. */
const settingsReadWithinMs = 2_000;

export const providerRoutes = {
  listProviders: async ({ db, workspaceId }) => ({ items: await readProviderStates(db, workspaceId) }),

  setProvider: async ({ inTransaction, audit, workspaceId, principal, params, query, body, resources, note }) => {
    const { providers: directory, masterKey } = resources;
    const { channel } = params;
    const given = { directory, masterKey, workspaceId, userId: principal.userId, channel };
    const typed = await inTransaction((db) => readProviderInput(db, { ...given, input: body }));
    if (query.check === "yes") await checkProvider({ ...given, typed });
    return inTransaction(async (db) => {
      const before = await readProviderState(db, workspaceId, channel);
      const state = await setProvider(db, { ...given, input: body });
      // Messages that wait for the old settings try the new ones, once every process has read them.
      await resources.engine.tryChannel({ workspaceId, channel, afterMs: settingsReadWithinMs });
      note({ subjectId: channel, details: providerChange(before, state) });
      await audit(db);
      return state;
    });
  },

  getInboundAddress: async ({ workspaceId, params: { channel }, resources }) => {
    const arrivals = await listArrivals(resources.ownerDb, { workspaceId, channel });
    return {
      ...resources.providers.inboundAddress(workspaceId, channel),
      arrivals: arrivals.map(({ provider, last_at }) => ({ provider, lastAt: last_at.toISOString() })),
    };
  },

  getMailbox: async ({ workspaceId, params: { channel }, resources }) => {
    const named = await resources.providers.mailboxOf(workspaceId, channel);
    const state = named && (await findMailboxState(resources.ownerDb, { workspaceId, channel }));
    // What is known is of another mailbox until this one was read.
    const known = state?.mailbox === named?.mailbox.id ? state : undefined;
    return {
      isNamed: named !== undefined,
      lastReadAt: known?.readAt?.toISOString() ?? null,
      problem: state?.problem ?? null,
      nextAt: state?.nextAt.toISOString() ?? null,
      taken: known?.taken ?? 0,
    };
  },

  testProvider: async ({ inTransaction, workspaceId, principal, params, body, resources, note }) => {
    const workspace = await inTransaction((db) => findWorkspace(db, { workspaceId, userId: principal.userId }));
    if (!workspace) throw notFound();
    const { ownerDb, providers } = resources;
    note({ subjectId: params.channel });
    const { channel } = params;
    const { to, using } = body;
    const provider =
      using && (await inTransaction((db) => readProviderInput(db, { directory: providers, workspaceId, channel, input: using })));
    const typed = provider && (await providers.openWith({ workspaceId, channel, ...provider, provider: provider.provider.name }));
    try {
      return {
        success: true as const,
        ...(await testProvider({ ownerDb, providers, engine: resources.engine, workspace, channel, to, typed })),
      };
    } finally {
      await typed?.close?.();
    }
  },
} satisfies Pick<Handlers, "listProviders" | "setProvider" | "getInboundAddress" | "getMailbox" | "testProvider">;

/** The settings themselves hold user names and addresses, so the log names which of them changed. It never holds a secret. */
function providerChange(before: ProviderState, after: ProviderState): Record<string, unknown> {
  const was = before.settings as Record<string, unknown>;
  const is = after.settings as Record<string, unknown>;
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  const settings = names.filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]));
  return { ...changeDetails(before, { provider: after.provider, hasSecret: after.hasSecret }), settings };
}
