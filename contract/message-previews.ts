import { z } from "zod";
import { FlowNode } from "./flows.ts";
import { ChannelName } from "./messages.ts";
import { Uuid } from "./pagination.ts";
import { reasonCodes } from "./reasons.ts";

/** A message as it would leave now for one contact. Values that earlier steps of the flow set are not known yet. */
export const MessagePreview = z.object({
  contactId: Uuid,
  contactName: z.string().nullable(),
  channel: ChannelName,
  /** Where it would go; null where `blocked` says why it cannot. */
  to: z.string().nullable(),
  /** Why the contact may not be written to on this channel. The message is filled in all the same. */
  blocked: z.enum(reasonCodes).nullable(),
  /** Exactly what would be handed to the provider; null where `problem` says why nothing would. */
  message: z
    .object({ subject: z.string().nullable(), text: z.string(), html: z.string().nullable(), segments: z.number().int().nullable() })
    .nullable(),
  problem: z.enum(reasonCodes).nullable(),
  /**
   * The merge fields that have no value now. `step`: an earlier step may give it one before the message is sent. `start`: what
   * starts the flow may hand it over; a person who sends the flow hands over nothing. `input`: the flow asks for it when it is sent.
   */
  missing: z.array(z.object({ field: z.string(), from: z.enum(["contact", "step", "start", "input"]) })),
});
export type MessagePreview = z.infer<typeof MessagePreview>;

/** For whom a message is filled in: a contact, the newest one, or one that is made up and has everything. */
export const PreviewedContact = z.union([z.enum(["newest", "sample"]), Uuid]);
export type PreviewedContact = z.infer<typeof PreviewedContact>;

/** A message as it is being written: the step with what is typed in it, saved or not. */
export const DraftMessage = z.strictObject({ flowId: Uuid, node: FlowNode });
export type DraftMessage = z.infer<typeof DraftMessage>;

export const DraftMessageQuestion = z.strictObject({ ...DraftMessage.shape, contactId: PreviewedContact.default("newest") });
export type DraftMessageQuestion = z.infer<typeof DraftMessageQuestion>;

/** A message that was sent to who asked for it, and where it is. */
export const SentToMe = z.object({ messageId: Uuid, message: z.string() });

/** Without a contact where it is made up; then nobody is checked either. `newer` and `older`: the contacts added next and before. */
export const DraftMessagePreview = z.object({
  ...MessagePreview.shape,
  contactId: Uuid.nullable(),
  newer: Uuid.nullable(),
  older: Uuid.nullable(),
  /** What only a running flow knows stands in the message by its name: ‹code›. */
  hasStandIns: z.boolean(),
  /** The plain text before it is filled in. Of an e-mail that has none of its own it is made from the HTML. */
  textTemplate: z.string(),
  /** What is taken away from the HTML before it is sent. */
  removed: z.array(z.object({ what: z.string(), count: z.number().int() })),
});
export type DraftMessagePreview = z.infer<typeof DraftMessagePreview>;

/** What a message becomes for the newest contacts. */
export const MessageSurvey = z.object({
  /** So many were looked at; `isAll`: there are no others. Long messages are filled in for fewer. */
  looked: z.number().int(),
  isAll: z.boolean(),
  /** The contact whose message is the longest; of an e-mail `text` is its subject. */
  longest: z
    .object({ contactId: Uuid, contactName: z.string().nullable(), text: z.string(), segments: z.number().int().nullable() })
    .nullable(),
  /** For how many a field has no value, and the first of them. */
  missing: z.object({ contacts: z.number().int(), contactId: Uuid }).nullable(),
});
export type MessageSurvey = z.infer<typeof MessageSurvey>;
