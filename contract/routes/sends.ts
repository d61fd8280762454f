import { z } from "zod";
import { PageQuery, pageOf, Uuid } from "../pagination.ts";
import { reasonCodes } from "../reasons.ts";
import { byId, defineRoute, member } from "../route.ts";
import { CreateSend, RetryPreview, RetryResult, RetrySelection, Send, SendListQuery, SendPatch, SendSkip, StopAccount } from "../sends.ts";

/** One or more reason codes, separated by commas. */
const RetryReasons = z
  .string()
  .max(2000)
  .transform((text) => text.split(","))
  .pipe(z.array(z.enum(reasonCodes)));

export const sendRoutes = {
  createSend: defineRoute({
    method: "POST",
    path: "/api/sends",
    tag: "Sends",
    summary: "Send a flow to contacts, by ids or by filter",
    auth: member("editor", "flows:send"),
    body: CreateSend,
    response: z.object({ success: z.literal(true), send: Send, executionId: Uuid.nullable() }),
    status: 202,
    bodyLimit: 1024 * 1024,
    audit: "send.create",
  }),
  listSends: defineRoute({
    method: "GET",
    path: "/api/sends",
    tag: "Sends",
    summary: "Sends, newest first",
    auth: member("viewer", "executions:read"),
    query: SendListQuery,
    response: pageOf(Send),
  }),
  getSend: defineRoute({
    method: "GET",
    path: "/api/sends/:id",
    tag: "Sends",
    summary: "One send with its totals",
    auth: member("viewer", "executions:read"),
    params: byId,
    response: Send,
  }),
  sendEvents: defineRoute({
    method: "GET",
    path: "/api/sends/:id/events",
    tag: "Sends",
    summary: "Progress of a send: every event is a full snapshot; ends when the send does",
    auth: member("viewer", "executions:read"),
    kind: "sse",
    params: byId,
    query: z.strictObject({ workspaceId: z.string().max(100).optional() }),
    response: Send,
  }),
  updateSend: defineRoute({
    method: "PATCH",
    path: "/api/sends/:id",
    tag: "Sends",
    summary: "Change the start or the drip of a send that is under way",
    auth: member("editor", "flows:send"),
    params: byId,
    body: SendPatch,
    response: Send,
    audit: "send.reschedule",
  }),
  pauseSend: defineRoute({
    method: "POST",
    path: "/api/sends/:id/pause",
    tag: "Sends",
    summary: "Pause: nothing leaves until it is resumed; delays go on counting",
    auth: member("editor", "flows:send"),
    params: byId,
    response: Send,
    audit: "send.pause",
  }),
  resumeSend: defineRoute({
    method: "POST",
    path: "/api/sends/:id/resume",
    tag: "Sends",
    summary: "Go on with a paused send",
    auth: member("editor", "flows:send"),
    params: byId,
    response: Send,
    audit: "send.resume",
  }),
  stopSend: defineRoute({
    method: "POST",
    path: "/api/sends/:id/stop",
    tag: "Sends",
    summary: "Stop for good, with an exact account of what had left",
    auth: member("editor", "flows:send"),
    params: byId,
    response: StopAccount,
    audit: "send.stop",
  }),
  undoSend: defineRoute({
    method: "POST",
    path: "/api/sends/:id/undo",
    tag: "Sends",
    summary: "Take a send back before anything has left",
    auth: member("editor", "flows:send"),
    params: byId,
    response: StopAccount,
    audit: "send.undo",
  }),
  previewSendRetry: defineRoute({
    method: "GET",
    path: "/api/sends/:id/retry",
    tag: "Sends",
    summary: "What retrying the failed executions would send again",
    auth: member("viewer", "executions:read"),
    params: byId,
    query: z.strictObject({ reasons: RetryReasons.optional() }),
    response: RetryPreview,
  }),
  retrySend: defineRoute({
    method: "POST",
    path: "/api/sends/:id/retry",
    tag: "Sends",
    summary: "Retry failed executions from the step that failed",
    auth: member("editor", "flows:send"),
    params: byId,
    body: RetrySelection,
    response: RetryResult,
    audit: "send.retry",
  }),
  listSendSkips: defineRoute({
    method: "GET",
    path: "/api/sends/:id/skips",
    tag: "Sends",
    summary: "Who was selected and not enrolled, and why",
    auth: member("viewer", "executions:read"),
    params: byId,
    query: z.strictObject(PageQuery.shape),
    response: pageOf(SendSkip),
  }),
};
