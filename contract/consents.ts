import { z } from "zod";
import { GivenDay, GivenTimestamp } from "./date-bounds.ts";
import { channels } from "./messages.ts";
import { Timestamp, Uuid } from "./pagination.ts";

/** `all` is do-not-contact. */
export const consentChannels = [...channels, "all"] as const;
export type ConsentChannel = (typeof consentChannels)[number];

/** What a member knows of a consent that a contact gave again: where they gave it, and when. */
export const ConsentStatement = z.strictObject({
  where: z.string().trim().min(1, "Say where the contact gave this consent").max(500),
  givenAt: z.union([GivenTimestamp, GivenDay]),
});
export type ConsentStatement = z.infer<typeof ConsentStatement>;

/** One entry of the history of what a contact has allowed and forbidden. Entries are never changed. */
export const Consent = z.object({
  id: Uuid,
  channel: z.enum(consentChannels),
  state: z.enum(["opted_out", "opted_in"]),
  /** How it is known: "manual", "import", "flow", or an act of the contact. */
  source: z.string().nullable(),
  /** Where the contact gave it, in the words of the person who wrote it down. */
  evidence: z.string().nullable(),
  givenAt: Timestamp,
  /** Who wrote it down; null where a flow did. */
  actorName: z.string().nullable(),
  createdAt: Timestamp,
});
export type Consent = z.infer<typeof Consent>;
