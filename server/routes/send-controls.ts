import type { Tx } from "#db/client.ts";
import { contactNames } from "#db/queries/contacts.ts";
import { findSend } from "#db/queries/sends.ts";
import type { StopCount } from "#engine/send-api.ts";
import { askerOf } from "../commands/asker-of.ts";
import { notFound } from "../http/errors.ts";
import type { Handlers, Principal } from "../http/handler.ts";

type Controls = "updateSend" | "pauseSend" | "resumeSend" | "openCanary" | "stopSend" | "undoSend" | "previewSendRetry" | "retrySend";

/**
 * The controls of a send that is under way. Each first reads the send as the member, which proves that it is in the
 * member's workspace, and then calls the engine.
 */
export const sendControlRoutes = {
  updateSend: async ({ resources, db, workspaceId, principal, role, params, body, note }) => {
    const before = await readSend(db, workspaceId, params.id);
    const asker = await askerOf(resources.ownerDb, { principal, workspaceId, role });
    await resources.engine.rescheduleSend({ ...of(workspaceId, params.id, principal), patch: body, asker });
    note({ details: { before: { start: before.start, drip: before.drip }, ...body } });
    return readSend(db, workspaceId, params.id);
  },

  pauseSend: async ({ resources, db, workspaceId, principal, params }) => {
    await readSend(db, workspaceId, params.id);
    await resources.engine.pauseSend(of(workspaceId, params.id, principal));
    return readSend(db, workspaceId, params.id);
  },

  resumeSend: async ({ resources, db, workspaceId, principal, params }) => {
    await readSend(db, workspaceId, params.id);
    await resources.engine.resumeSend(of(workspaceId, params.id, principal));
    return readSend(db, workspaceId, params.id);
  },

  openCanary: async ({ resources, db, workspaceId, principal, role, params, note }) => {
    const { canary } = await readSend(db, workspaceId, params.id);
    const asker = await askerOf(resources.ownerDb, { principal, workspaceId, role });
    await resources.engine.openCanary({ ...of(workspaceId, params.id, principal), asker });
    note({ details: { few: canary?.few ?? null, seen: canary?.seen ?? null, wasHeld: canary?.heldAt != null } });
    return readSend(db, workspaceId, params.id);
  },

  stopSend: async ({ resources, db, workspaceId, principal, params, note }) => {
    await readSend(db, workspaceId, params.id);
    const count = await resources.engine.stopSend(of(workspaceId, params.id, principal));
    note({ details: figures(count) });
    return account(db, workspaceId, params.id, count);
  },

  undoSend: async ({ resources, db, workspaceId, principal, params, note }) => {
    await readSend(db, workspaceId, params.id);
    const count = await resources.engine.undoSend(of(workspaceId, params.id, principal));
    note({ details: figures(count) });
    return account(db, workspaceId, params.id, count);
  },

  previewSendRetry: async ({ resources, db, workspaceId, params, query }) => {
    await readSend(db, workspaceId, params.id);
    return resources.engine.previewRetry({ workspaceId, sendId: params.id, reasons: query.reasons });
  },

  retrySend: async ({ resources, db, workspaceId, params, body, note }) => {
    await readSend(db, workspaceId, params.id);
    const { retried } = await resources.engine.retry({ workspaceId, sendId: params.id, reasons: body.reasons });
    note({ details: { retried, reasons: body.reasons ?? null } });
    return { success: true as const, retried };
  },
} satisfies Pick<Handlers, Controls>;

const of = (workspaceId: string, sendId: string, { userId, name }: Principal) => ({ workspaceId, sendId, actor: { id: userId, name } });

/** Reads a send as the member, which proves that it is theirs. @throws ApiError send_not_found */
export async function readSend(db: Tx, workspaceId: string, id: string) {
  const send = await findSend(db, { workspaceId, id });
  if (!send) throw notFound("send_not_found");
  return send;
}

const figures = ({ items: _, ...counts }: StopCount) => counts;

async function account(db: Tx, workspaceId: string, id: string, count: StopCount) {
  const names = await contactNames(db, { workspaceId, ids: count.items.flatMap(({ contactId }) => contactId ?? []) });
  const inFlightItems = count.items.map((item) => ({ ...item, contactName: (item.contactId && names.get(item.contactId)) ?? null }));
  return { send: await readSend(db, workspaceId, id), ...figures(count), inFlightItems };
}
