import { z } from "zod";
import { GivenDay, GivenTimestamp } from "./date-bounds.ts";
import { ChannelName, channels } from "./messages.ts";
import { Timestamp, Uuid } from "./pagination.ts";
import { requiredText } from "./required-text.ts";

/** `all` is do-not-contact. */
export const consentChannels = [...channels, "all"] as const;
export type ConsentChannel = (typeof consentChannels)[number];

/** What a member knows of a consent that a contact gave again: where they gave it, and when. */
export const ConsentStatement = z.strictObject({
  where: requiredText(500, "Say where the contact gave this consent"),
  givenAt: z.union([GivenTimestamp, GivenDay]),
});
export type ConsentStatement = z.infer<typeof ConsentStatement>;

/** By what a person gave a consent that somebody writes down. */
export const consentSources = ["form", "paper", "spoken", "message", "other"] as const;
export type ConsentSource = (typeof consentSources)[number];

/**
 * By this an admin opens a channel that was closed under an address that the contact had before: that one was another person's, who is not this
 * contact. It is no consent.
 */
export const notTheirs = "not_theirs" as const;

/** A consent of a contact who has refused nothing on this channel for the address of now. */
export const NewConsent = z.strictObject({
  channel: ChannelName,
  source: z.enum([...consentSources, notTheirs]),
  /** The person tells where it was given and where the proof of it is, or why they know that it was another person. */
  where: ConsentStatement.shape.where,
  /** The words that the contact was shown. */
  textShown: z.string().trim().max(2_000).optional(),
  givenAt: ConsentStatement.shape.givenAt,
});
export type NewConsent = z.infer<typeof NewConsent>;

/** One entry of the history of what a contact has allowed and forbidden. Entries are never changed. */
export const Consent = z.object({
  id: Uuid,
  channel: z.enum(consentChannels),
  state: z.enum(["opted_out", "opted_in"]),
  /** How it is known: "manual", "import", "flow", by what a person gave it, or an act of the contact; "keyword" is STOP or START in a message of theirs. */
  source: z.string().nullable(),
  /** Where the contact gave it, in the words of the person who wrote it down. */
  evidence: z.string().nullable(),
  /** The words that the contact was shown, where they were written down. */
  textShown: z.string().nullable(),
  /** The number or e-mail address for which it was given, and for which alone a consent counts; null where there was none. */
  address: z.string().nullable(),
  givenAt: Timestamp,
  /** Who wrote it down; null where a flow did. */
  actorName: z.string().nullable(),
  createdAt: Timestamp,
});
export type Consent = z.infer<typeof Consent>;
