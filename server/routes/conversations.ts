import { randomUUID } from "node:crypto";
import { staysHere } from "#channels/stays-here.ts";
import type { Contact } from "#contract/contacts.ts";
import { conversationLimits } from "#contract/conversation-limits.ts";
import { type Channel, channels } from "#contract/messages.ts";
import type { Tx } from "#db/client.ts";
import { isTimeout } from "#db/errors.ts";
import { findContact } from "#db/queries/contacts.ts";
import { findInConversations, limitSearch } from "#db/queries/conversation-search.ts";
import { findThreadMessage, readThread } from "#db/queries/conversation-thread.ts";
import { changeConversation, countUnreadConversations, findConversation, listConversations } from "#db/queries/conversations.ts";
import { findMember } from "#db/queries/members.ts";
import { authoredLinks, showTexts } from "../commands/authored-links.ts";
import { ApiError, conflict, invalid, notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";
import { followInbox } from "../http/inbox-watch.ts";
import { openEventStream } from "../http/sse.ts";
import { requireContacts } from "./messages.ts";

export const conversationRoutes = {
  listConversations: ({ db, workspaceId, principal, query }) => {
    requireContacts(principal);
    return listConversations(db, { workspaceId, userId: principal.userId, ...query });
  },

  countUnreadConversations: async ({ db, workspaceId }) => ({ unread: await countUnreadConversations(db, { workspaceId }) }),

  searchConversations: async ({ db, resources, workspaceId, principal, query: { search } }) => {
    requireContacts(principal);
    const asked = { workspaceId, userId: principal.userId, status: "all", assignee: "anybody", search } as const;
    try {
      await limitSearch(db);
      const named = await listConversations(db, { ...asked, limit: conversationLimits.foundConversations });
      const found = await findInConversations(db, { workspaceId, search, show: authoredLinks(resources.links.readTracked, workspaceId) });
      return {
        conversations: named.items,
        messages: found.messages,
        moreConversations: named.nextCursor !== null,
        moreMessages: found.more,
      };
    } catch (error) {
      if (isTimeout(error)) throw new ApiError("search_took_too_long", "Too many messages may match. Add a word, or write one to its end.");
      throw error;
    }
  },

  inboxEvents: async ({ resources, workspaceId, principal, query: { contact: contactId }, inTransaction, res, signal }) => {
    requireContacts(principal);
    // The contact is read as the member. People who may not see them do not even learn that they exist.
    if (contactId !== undefined) await inTransaction((db) => requireContact(db, workspaceId, contactId));
    const stream = openEventStream(res, signal);
    await followInbox(resources, { workspaceId, contactId }, signal, (state) => stream.send(state));
    return undefined;
  },

  getConversation: async ({ db, resources, workspaceId, principal, params: { id: contactId }, query: { around } }) => {
    requireContacts(principal);
    const contact = await requireContact(db, workspaceId, contactId);
    const { engine, providers } = resources;
    const conversation = await findConversation(db, { workspaceId, contactId });
    const thread = await readThread(db, { workspaceId, contactId, limit: conversationLimits.messages, around });
    const ways = channels.map(async (channel) => {
      const address = addressOf(contact, channel);
      const provider = await providers.providerFor(workspaceId, channel);
      const isTest = staysHere(provider.name);
      const verdict = await engine.judgeByHand({ workspaceId, contactId, channel, stays: isTest });
      return { channel, address, closedBy: verdict ? verdict.refusal : ("contact_deleted" as const), isTest };
    });
    return {
      contactId,
      contactName: contact.displayName,
      conversation: conversation ?? null,
      channels: await Promise.all(ways),
      ...thread,
      messages: await showTexts(thread.messages, "text", authoredLinks(resources.links.readTracked, workspaceId)),
    };
  },

  updateConversation: async ({ db, workspaceId, params: { id: contactId }, body: { status, assigneeId, read, upTo }, note }) => {
    if (assigneeId && !(await findMember(db, { workspaceId, userId: assigneeId })))
      throw invalid([{ path: "assigneeId", message: "This person is no member of the workspace" }]);
    const change = {
      ...(status !== undefined && { status }),
      ...(assigneeId !== undefined && { assigneeId }),
      ...(read && { readUpTo: upTo ?? "all" }),
    };
    if (Object.keys(change).length === 0) throw invalid([{ path: "", message: "Nothing to change was given" }]);
    if (!(await changeConversation(db, { workspaceId, contactId, ...change }))) throw notFound();
    const assigned = assigneeId !== undefined && { assigneeId };
    note({ subjectId: contactId, details: { ...(status !== undefined && { status }), ...assigned, ...(read && { read }) } });
    return { success: true as const };
  },

  sendByHand: async ({ inTransaction, resources, workspaceId, params: { id: contactId }, body, note }) => {
    if (body.channel === "email" && !body.subject) throw invalid([{ path: "subject", message: "An e-mail needs a subject" }]);
    await inTransaction((db) => requireContact(db, workspaceId, contactId));
    const { engine, providers } = resources;
    const provider = await providers.providerFor(workspaceId, body.channel, { lookNow: true });
    note({ subjectId: contactId, contactId, details: { channel: body.channel } });
    await engine.sendByHand({ workspaceId, contactId, message: body, provider });
    const sent = await inTransaction((db) => findThreadMessage(db, { workspaceId, contactId, messageId: body.id }));
    // Another message has this id: of another contact or workspace, or another text to this one, which must not pass for sent.
    if (!sent || sent.text !== body.text || sent.channel !== body.channel)
      throw conflict("conflict", "A message with this id exists already.");
    return sent;
  },

  answerAsContact: async ({ db, resources, workspaceId, params: { id: contactId }, body: { channel, text }, note }) => {
    const contact = await requireContact(db, workspaceId, contactId);
    const { engine, providers } = resources;
    const provider = await providers.providerFor(workspaceId, channel, { lookNow: true });
    if (!staysHere(provider.name))
      throw conflict("conflict", "This channel is real, so only the contact can answer. Switch it to test mode to try replies.");
    const from = addressOf(contact, channel);
    if (from === null)
      throw conflict("conflict", `The contact has no ${channel === "sms" ? "phone number" : "e-mail address"} to write from.`);
    note({ subjectId: contactId, details: { channel } });
    const message = { kind: "received", providerMessageId: randomUUID(), from, to: provider.from ?? "test", text, files: 0 } as const;
    await engine.takeInbound({ workspaceId, channel, provider: provider.name, events: [message] });
    return { success: true as const };
  },
} satisfies Pick<
  Handlers,
  | "listConversations"
  | "countUnreadConversations"
  | "searchConversations"
  | "inboxEvents"
  | "getConversation"
  | "updateConversation"
  | "sendByHand"
  | "answerAsContact"
>;

async function requireContact(db: Tx, workspaceId: string, id: string): Promise<Contact> {
  const contact = await findContact(db, { workspaceId, id });
  if (!contact) throw notFound("contact_not_found");
  return contact;
}

const addressOf = ({ phoneE164, email }: Contact, channel: Channel): string | null => (channel === "sms" ? phoneE164 : email || null);
