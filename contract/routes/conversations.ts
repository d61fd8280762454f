import {
  Conversation,
  ConversationListQuery,
  ConversationMessage,
  ConversationPatch,
  ConversationThread,
  HandMessage,
  TrialReply,
} from "../conversations.ts";
import { pageOf } from "../pagination.ts";
import { byId, defineRoute, done, member } from "../route.ts";

export const conversationRoutes = {
  listConversations: defineRoute({
    heavy: true,
    method: "GET",
    path: "/api/conversations",
    tag: "Conversations",
    summary: "Contacts who have written, the last first",
    description: "A key needs `messages:read` and `contacts:read`.",
    auth: member("viewer", "messages:read"),
    query: ConversationListQuery,
    response: pageOf(Conversation),
  }),
  getConversation: defineRoute({
    method: "GET",
    path: "/api/conversations/:id",
    tag: "Conversations",
    summary: "The messages to and from one contact",
    description: "`id` is the contact's. A key needs `messages:read` and `contacts:read`.",
    auth: member("viewer", "messages:read"),
    params: byId,
    response: ConversationThread,
  }),
  updateConversation: defineRoute({
    method: "PATCH",
    path: "/api/conversations/:id",
    tag: "Conversations",
    summary: "Close a conversation, open it again, assign it, or mark it as read",
    auth: member("editor", null),
    params: byId,
    body: ConversationPatch,
    response: done,
    audit: "conversation.update",
  }),
  sendByHand: defineRoute({
    waitsOutside: true,
    method: "POST",
    path: "/api/conversations/:id/messages",
    tag: "Conversations",
    summary: "Write to a contact by hand",
    description:
      "It passes the check that every message passes, as an answer (`conversational`). Where the contact has not written on the channel within 24 hours, it also keeps the sending hours of marketing. One that may not leave is recorded with the reason; where the " +
      "channel takes no more messages at the moment it is refused as `too_many_requests` and not recorded. The same `id` again sends nothing again.",
    auth: member("editor", null),
    params: byId,
    body: HandMessage,
    response: ConversationMessage,
    rate: "send",
    audit: "conversation.reply",
  }),
  answerAsContact: defineRoute({
    method: "POST",
    path: "/api/conversations/:id/trial",
    tag: "Conversations",
    summary: "Answer as the contact, where the channel is in test mode",
    description:
      "It is acted on as if it had come in, so a reply can be tried without any account. Refused (409) where the channel is real.",
    auth: member("editor", null),
    params: byId,
    body: TrialReply,
    response: done,
    rate: "send",
    audit: "conversation.trial",
  }),
};
