import { z } from "zod";
import { PageQuery, pageOf, Uuid } from "../pagination.ts";
import { reasonCodes } from "../reasons.ts";
import { byId, defineRoute, member } from "../route.ts";
import { CreateSend, SendPreviewQuestion } from "../send-requests.ts";
import { RetryPreview, RetryResult, RetrySelection, Send, SendListQuery, SendPatch, SendPreview, SendSkip, StopAccount } from "../sends.ts";

/** One or more reason codes, separated by commas. */
const RetryReasons = z
  .string()
  .max(2000)
  .transform((text) => text.split(","))
  .pipe(z.array(z.enum(reasonCodes)));

export const sendRoutes = {
  createSend: defineRoute({
    heavy: "by_filter",
    rate: "send",
    method: "POST",
    path: "/api/sends",
    tag: "Sends",
    summary: "Send a flow to contacts, by ids or by filter",
    description:
      "Choosing contacts by a filter also needs the scope `contacts:read`, because a count tells whether the filter matches.\n\n" +
      "What the start of the flow asks for is given as `values`, by name: one value for all contacts, or `{ field, fallback }` to read it from a field of each. " +
      "Up to 500 contacts that are named by their ids may have values of their own (`contactValues`). What cannot be taken is refused as `values_invalid`, everything " +
      "at once. With `seenInputs`, what the flow asked for when it was looked at, a change since is refused as `inputs_changed`.",
    auth: member("editor", "flows:send"),
    body: CreateSend,
    response: z.object({ success: z.literal(true), send: Send, executionId: Uuid.nullable() }),
    status: 202,
    bodyLimit: 1024 * 1024,
    audit: "send.create",
  }),
  previewSend: defineRoute({
    heavy: true,
    method: "POST",
    path: "/api/sends/preview",
    tag: "Sends",
    summary: "How many of a selection can receive nothing of a flow, and why",
    description:
      "Counts what a send would find now, and sends nothing. Of more than 50,000 contacts it looks at some 10,000 that are picked at random: `sampled` tells how many, and all figures but `total` are estimates then. It takes five seconds at most; then the answer is `count_took_too_long`. A workspace may ask for two counts at a time. A key needs to read contacts, because a count tells whether a filter matches.",
    auth: member("editor", "contacts:read"),
    body: SendPreviewQuestion,
    response: SendPreview,
    bodyLimit: 1024 * 1024,
    changesNothing: true,
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
    heavy: true,
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
    rate: "send",
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
    heavy: true,
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
