import { z } from "zod";
import { pageOf, Uuid } from "../pagination.ts";
import { byId, defineRoute, member } from "../route.ts";
import { CreateSend, SendPreviewQuestion } from "../send-requests.ts";
import { Send, SendListQuery, SendPreview } from "../sends.ts";

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
};
