import type { ApiTexts } from "#contract/contact-fields.ts";

type ImportedTexts = { [K in keyof ApiTexts]: string | null };

/** The values that a file gives one contact. Null means that the file says nothing, and changes nothing. */
export interface ImportedContact extends ImportedTexts {
  /** The line of the file; the header is line 1. */
  line: number;
  /** Our own id of the contact, from a file that we exported. */
  contactId: string | null;
  /** The other system and the contact's id there. */
  source: string | null;
  sourceId: string | null;
  emailUsable: boolean;
  phoneNumber: string | null;
  phoneE164: string | null;
  smsOptedOutAt: "now" | Date | null;
  emailOptedOutAt: "now" | Date | null;
  /** An import sets "do not contact" and never lifts it. */
  dnc: boolean;
  metadata: Record<string, unknown>;
}
