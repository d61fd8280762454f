import { Message, MessageListQuery } from "../messages.ts";
import { pageOf } from "../pagination.ts";
import { byId, defineRoute, member } from "../route.ts";

export const messageRoutes = {
  listMessages: defineRoute({
    method: "GET",
    path: "/api/messages",
    tag: "Messages",
    summary: "Messages, newest first",
    auth: member("viewer", "messages:read"),
    query: MessageListQuery,
    response: pageOf(Message),
  }),
  getMessage: defineRoute({
    method: "GET",
    path: "/api/messages/:id",
    tag: "Messages",
    summary: "One message",
    auth: member("viewer", "messages:read"),
    params: byId,
    response: Message,
  }),
};
