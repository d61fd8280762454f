import { z } from "zod";
import { PageQuery, pageOf } from "../pagination.ts";
import { reasonCodes } from "../reasons.ts";
import { byId, defineRoute, member } from "../route.ts";
import { RetryPreview, RetryResult, RetrySelection, SendPatch, SendSkip, StopAccount } from "../send-changes.ts";
import { Send } from "../sends.ts";

/** One or more reason codes, separated by commas. */
const RetryReasons = z
  .string()
  .max(2000)
  .transform((text) => text.split(","))
  .pipe(z.array(z.enum(reasonCodes)));

/** What is done with sends beyond what the first pages do. */
export const sendChangeRoutes = {
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
  openCanary: defineRoute({
    rate: "send",
    method: "POST",
    path: "/api/sends/:id/canary/open",
    tag: "Sends",
    summary: "Let the rest of a send follow now that has begun with a few, whatever was seen of them",
    auth: member("editor", "flows:send"),
    params: byId,
    response: Send,
    audit: "send.open_canary",
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
