import type { Tx } from "#db/client.ts";
import { listTimeline } from "#db/queries/contact-timeline.ts";
import { findContact } from "#db/queries/contacts.ts";
import { findExecution } from "#db/queries/executions.ts";
import type { ChangeWaitInput } from "#engine/by-hand-api.ts";
import { authoredLinks } from "../commands/authored-links.ts";
import { labelOfNodeType as labelOfType } from "../commands/flow-answers.ts";
import type { Resources } from "../compose/resources.ts";
import { notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";
import { requireScopes } from "../http/principal.ts";

export const contactPageRoutes = {
  listTimeline: async ({ db, resources, workspaceId, principal, params, query }) => {
    requireScopes(principal, ["messages:read", "executions:read"]);
    await requireContact(db, workspaceId, params.id);
    const { items, ...page } = await listTimeline(db, { workspaceId, contactId: params.id, labelOfType, ...query });
    const show = authoredLinks(resources.links.readTracked, workspaceId);
    const shown = items.map(async (entry) => (entry.kind === "message" && entry.text ? { ...entry, text: await show(entry.text) } : entry));
    return { ...page, items: await Promise.all(shown) };
  },

  planContact: async ({ inTransaction, resources, workspaceId, principal, params, signal }) => {
    requireScopes(principal, ["flows:read", "executions:read"]);
    await inTransaction((db) => requireContact(db, workspaceId, params.id));
    return resources.engine.planContact({ workspaceId, contactId: params.id, signal });
  },

  rescheduleWait: async ({ db, resources, workspaceId, params, body: { at, ...seen }, note }) => {
    await changeWait(resources, db, { workspaceId, executionId: params.id, seen, change: { type: "reschedule", at } });
    note({ details: { before: { waitsUntil: seen.until }, waitsUntil: at } });
    return { success: true as const };
  },

  skipWait: async ({ db, resources, workspaceId, params, body: seen }) => {
    await changeWait(resources, db, { workspaceId, executionId: params.id, seen, change: { type: "skip" } });
    return { success: true as const };
  },

  takeOut: async ({ db, resources, workspaceId, params, body: seen }) => {
    await changeWait(resources, db, { workspaceId, executionId: params.id, seen, change: { type: "take_out" } });
    return { success: true as const };
  },
} satisfies Pick<Handlers, "listTimeline" | "planContact" | "rescheduleWait" | "skipWait" | "takeOut">;

async function changeWait({ engine, linkRun }: Resources, db: Tx, input: ChangeWaitInput): Promise<void> {
  const { workspaceId, executionId: id } = input;
  if (!(await findExecution(db, { workspaceId, id, labelOfType, linkRun }))) throw notFound("execution_not_found");
  await engine.changeWait(input);
}

async function requireContact(db: Tx, workspaceId: string, id: string): Promise<void> {
  if (!(await findContact(db, { workspaceId, id }))) throw notFound("contact_not_found");
}
