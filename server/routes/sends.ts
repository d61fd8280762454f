import type { Selection } from "#contract/contacts.ts";
import type { Send, Source } from "#contract/sends.ts";
import type { Tx } from "#db/client.ts";
import { findSend, listSendSkips, listSends } from "#db/queries/sends.ts";
import { findUndoSeconds } from "#db/queries/workspaces.ts";
import { askedOfSend } from "../commands/asked-of-send.ts";
import { askerOf } from "../commands/asker-of.ts";
import { canaryTerms } from "../commands/canary-terms.ts";
import { repeatableSendId } from "../commands/repeatable-send-id.ts";
import { requireReadable } from "../commands/require-readable.ts";
import type { Resources } from "../compose/resources.ts";
import { notFound } from "../http/errors.ts";
import type { Handlers, Principal } from "../http/handler.ts";
import type { RowWatch } from "../http/row-watch.ts";
import { createSendWatch, isOver } from "../http/send-watch.ts";
import { openEventStream } from "../http/sse.ts";

/** There is one watch per running server, so that each send has one reader. */
const watches = new WeakMap<Resources, RowWatch<Send>>();

export const sendRoutes = {
  createSend: async ({ resources, db, workspaceId, principal, role, body, repeatableId, note }) => {
    requireReadable(principal, body.selection, body);
    const { sendId, created, executionId } = await resources.engine.createSend({
      workspaceId,
      flowId: body.flowId,
      selection: body.selection,
      isTest: body.isTest,
      skipWaits: body.skipWaits,
      triggerData: body.triggerData,
      values: body.values,
      contactValues: body.contactValues,
      seenInputs: body.seenInputs,
      start: body.start,
      drip: body.drip,
      notLaterThan: body.notLaterThan,
      exclude: body.exclude,
      condition: body.condition,
      oncePerAddress: body.oncePerAddress,
      undoSeconds: body.undoSeconds ?? (await undoSecondsOf(db, workspaceId, principal)),
      sendId: body.sendId ?? (await repeatableSendId(db, workspaceId, repeatableId)),
      asked: askedOfSend(body),
      source: sourceOf(principal, body.selection),
      launchedBy: principal.userId,
      launchedByName: principal.name,
      launchedFrom: body.launchedFrom ?? null,
      forecastId: body.forecastId,
      savedLaunchId: body.savedLaunchId,
      asker: await askerOf(resources.ownerDb, { principal, workspaceId, role }),
      canary: await canaryTerms(db, workspaceId, body.canary),
    });
    const send = await findSend(db, { workspaceId, id: sendId });
    if (!send) throw new Error("The send that was just made cannot be read.");
    note({
      subjectId: sendId,
      details: {
        created,
        total: send.total,
        expectedTotal: body.expectedTotal ?? null,
        isTest: body.isTest,
        ...(body.canary && { canary: body.canary }),
      },
    });
    return { success: true as const, send, executionId };
  },

  previewSend: async ({ resources, workspaceId, principal, role, body }) => {
    const asker = await askerOf(resources.ownerDb, { principal, workspaceId, role });
    return resources.engine.previewSend({ workspaceId, ...body, asker });
  },

  listSends: async ({ db, workspaceId, query }) => listSends(db, { workspaceId, ...query }),

  getSend: async ({ db, workspaceId, params }) => {
    const send = await findSend(db, { workspaceId, id: params.id });
    if (!send) throw notFound("send_not_found");
    return send;
  },

  sendEvents: async ({ resources, workspaceId, params, inTransaction, res, signal }) => {
    // The send is read as the member. People who may not see it do not even learn that it exists.
    const send = await inTransaction((db) => findSend(db, { workspaceId, id: params.id }));
    if (!send) throw notFound("send_not_found");
    const stream = openEventStream(res, signal);
    stream.send(send);
    if (isOver(send)) {
      stream.end();
      return undefined;
    }
    const watching = watchOf(resources).watch(send, { workspaceId }, (latest) => {
      stream.send(latest);
      if (isOver(latest)) stream.end();
    });
    signal.addEventListener("abort", watching.stop, { once: true });
    if (signal.aborted) watching.stop();
    return undefined;
  },

  listSendSkips: async ({ db, workspaceId, params, query }) => {
    const page = await listSendSkips(db, { workspaceId, sendId: params.id, ...query });
    if (!page) throw notFound("send_not_found");
    return page;
  },
} satisfies Pick<Handlers, "createSend" | "previewSend" | "listSends" | "getSend" | "sendEvents" | "listSendSkips">;

/**
 * A send of a program has the source `api`, whatever the number of contacts. A person sends to one contact by hand or
 * to many at once.
 */
function sourceOf(principal: Principal, selection: Selection): Source {
  if (principal.kind === "key") return "api";
  return selection.type === "ids" && new Set(selection.ids).size === 1 ? "manual" : "bulk";
}

/** A person can undo a send for some seconds. A send of a program cannot be undone. */
const undoSecondsOf = async (db: Tx, workspaceId: string, principal: Principal) =>
  principal.kind === "key" ? 0 : findUndoSeconds(db, workspaceId);

function watchOf(resources: Resources): RowWatch<Send> {
  const known = watches.get(resources);
  if (known) return known;
  const made = createSendWatch({ db: resources.ownerDb, log: resources.log });
  watches.set(resources, made);
  return made;
}
