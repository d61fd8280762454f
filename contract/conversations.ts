import { z } from "zod";
import { typedValue } from "./comparable-text.ts";
import { GivenTimestamp } from "./date-bounds.ts";
import { ChannelName, messageStatuses } from "./messages.ts";
import { PageQuery, Timestamp, Uuid } from "./pagination.ts";
import { reasonCodes } from "./reasons.ts";
import { requiredText } from "./required-text.ts";

export const conversationStatuses = ["open", "closed"] as const;

/** What a message asks for, where it is such a word. */
export const inboundWords = ["stop", "start", "help", "maybe_stop", "maybe_start"] as const;
export type InboundWord = (typeof inboundWords)[number];

/** What was said with one contact who has written. Its id is the contact's. */
export const Conversation = z.object({
  contactId: Uuid,
  contactName: z.string(),
  status: z.enum(conversationStatuses),
  assigneeId: Uuid.nullable(),
  /** How many messages came in since somebody of the workspace opened it. */
  unread: z.number().int(),
  /** The last message that came in. */
  lastAt: Timestamp,
  lastChannel: ChannelName.nullable(),
  lastText: z.string().nullable(),
  lastWord: z.enum(inboundWords).nullable(),
});
export type Conversation = z.infer<typeof Conversation>;

export const ConversationListQuery = z.strictObject({
  ...PageQuery.shape,
  status: z.enum([...conversationStatuses, "all"]).default("open"),
  /** `me`: those that are assigned to the caller. `nobody`: those that are assigned to nobody. */
  assignee: z.enum(["me", "nobody", "anybody"]).default("anybody"),
  /** Part of the contact's name, number or e-mail address. */
  search: z.string().trim().max(100).optional(),
});
export type ConversationListQuery = z.infer<typeof ConversationListQuery>;

/** A message of a conversation, in either direction. */
export const ConversationMessage = z.object({
  id: Uuid,
  direction: z.enum(["in", "out"]),
  channel: ChannelName,
  /** The address of the contact. */
  address: z.string().nullable(),
  subject: z.string().nullable(),
  text: z.string().nullable(),
  at: Timestamp,
  /** Of a message of ours: what became of it. */
  status: z.enum(messageStatuses).nullable(),
  reason: z.enum(reasonCodes).nullable(),
  errorMessage: z.string().nullable(),
  /** A name of `channels/providers.ts`, or one that an earlier version had. */
  provider: z.string(),
  /** Of a message of ours: the flow that sent it. Null: a person wrote it. */
  flowName: z.string().nullable(),
  executionId: Uuid.nullable(),
  word: z.enum(inboundWords).nullable(),
  /** A machine wrote it, such as an out-of-office note. */
  automatic: z.boolean(),
  files: z.number().int(),
});
export type ConversationMessage = z.infer<typeof ConversationMessage>;

/** By which channel the contact can be written to by hand now, and why not. */
const ConversationChannel = z.object({
  channel: ChannelName,
  address: z.string().nullable(),
  /** Null: a message may leave. */
  closedBy: z.enum(reasonCodes).nullable(),
  /** The channel is in test mode: nothing leaves, and one can answer as the contact. */
  isTest: z.boolean(),
});

export const ConversationThread = z.object({
  contactId: Uuid,
  contactName: z.string(),
  /** Null for a contact who has never written. */
  conversation: Conversation.nullable(),
  channels: z.array(ConversationChannel),
  /** The newest ones, or those around the message that was asked for; oldest first. */
  messages: z.array(ConversationMessage),
  /** Whether there are older ones, and newer ones, that are not shown. */
  hasOlder: z.boolean(),
  hasNewer: z.boolean(),
});
export type ConversationThread = z.infer<typeof ConversationThread>;

export const ConversationThreadQuery = z.strictObject({
  /** A message of the conversation. Those around it are read in place of the newest. */
  around: Uuid.optional(),
});

/** Open conversations with something that nobody has read, counted up to `countedConversations`. */
export const UnreadConversations = z.object({ unread: z.number().int() });

export const InboxEventsQuery = z.strictObject({
  /** The contact whose conversation is open. */
  contact: Uuid.optional(),
  /** A stream carries its workspace in the address. */
  workspaceId: z.string().max(100).optional(),
});

/**
 * The state of the inbox. It holds no text of anybody: whoever hears another mark than before reads again what it stands for.
 */
export const InboxState = z.object({
  unread: UnreadConversations.shape.unread,
  /** Another one whenever a conversation has begun or changed. */
  list: z.string(),
  /** Another one whenever what is shown of the open conversation has changed. Null: none is open. */
  thread: z.string().nullable(),
});
export type InboxState = z.infer<typeof InboxState>;

export const ConversationSearchQuery = z.strictObject({
  /** Looked for in the contact's name, number and address, and in the words of the messages. */
  search: z.string().transform(typedValue).pipe(z.string().min(1, "Write what you look for").max(100)),
});

/** A message that was found, with the words around the first match. */
export const FoundMessage = z.object({
  id: Uuid,
  contactId: Uuid,
  contactName: z.string(),
  direction: z.enum(["in", "out"]),
  channel: ChannelName,
  at: Timestamp,
  text: z.string(),
});
export type FoundMessage = z.infer<typeof FoundMessage>;

export const ConversationFindings = z.object({
  /** With contacts who are called so, or have the number or address. */
  conversations: z.array(Conversation),
  /** The newest messages with the words, in conversations. */
  messages: z.array(FoundMessage),
  /** Whether there are more than those. A longer search finds them. */
  moreConversations: z.boolean(),
  moreMessages: z.boolean(),
});
export type ConversationFindings = z.infer<typeof ConversationFindings>;

export const ConversationPatch = z.strictObject({
  status: z.enum(conversationStatuses).optional(),
  /** A member of the workspace; null takes the assignment away. */
  assigneeId: Uuid.nullable().optional(),
  /** Somebody has read what came in. */
  read: z.literal(true).optional(),
  /** With `read`: the `lastAt` of the conversation as it was shown. What came in since then stays unread. Left out: all of it was read. */
  upTo: GivenTimestamp.optional(),
});

export const HandMessage = z.strictObject({
  /** Made by the browser, so that a double click is one message. */
  id: Uuid,
  channel: ChannelName,
  subject: z.string().trim().max(300).optional(),
  text: requiredText(1_600, "Write something"),
});
export type HandMessage = z.infer<typeof HandMessage>;

export const TrialReply = z.strictObject({ channel: ChannelName, text: requiredText(1_600, "Write something") });
