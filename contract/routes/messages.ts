import { DraftMessage, DraftMessagePreview, DraftMessageQuestion, MessageSurvey, SentToMe } from "../message-previews.ts";
import { Message, MessageListQuery } from "../messages.ts";
import { pageOf } from "../pagination.ts";
import { byId, defineRoute, member } from "../route.ts";

export const messageRoutes = {
  listMessages: defineRoute({
    heavy: true,
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
  previewDraftMessage: defineRoute({
    method: "POST",
    path: "/api/message-preview",
    tag: "Messages",
    summary: "A message as it is being written, filled in for one contact",
    description:
      "`node` is the step with what is typed in it, saved or not. It is filled in by the code that sends it, and nothing is sent or written. What only " +
      "a running flow knows stands in the text by its name, as ‹code›. A key needs `flows:read` and `contacts:read`.",
    auth: member("viewer", "flows:read"),
    body: DraftMessageQuestion,
    response: DraftMessagePreview,
    changesNothing: true,
  }),
  sendToMe: defineRoute({
    waitsOutside: true,
    method: "POST",
    path: "/api/message-to-me",
    tag: "Messages",
    summary: "Send a message that is being written to yourself",
    description:
      "It is filled in as its preview and goes to the address with which you sign in, or to the number that you have proven to be yours, through the " +
      "provider in use: once in ten seconds, and not where that address may not be written to. It is recorded as a test message. API keys have no address.",
    auth: member("editor", null),
    body: DraftMessageQuestion,
    response: SentToMe,
    rate: "send",
    audit: "message.to_me",
  }),
  surveyMessage: defineRoute({
    heavy: true,
    method: "POST",
    path: "/api/message-survey",
    tag: "Messages",
    summary: "The longest message among the newest contacts, and how many of them lack a field",
    description:
      "Fills in a step as it is being written for the newest 1,000 contacts, or for fewer where it is very long. It sends and writes nothing. A key " +
      "needs `flows:read` and `contacts:read`.",
    auth: member("viewer", "flows:read"),
    body: DraftMessage,
    response: MessageSurvey,
    rate: "read",
    changesNothing: true,
  }),
};
