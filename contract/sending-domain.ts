import { z } from "zod";
import { Timestamp } from "./pagination.ts";

/** Marketing e-mails that may leave in a day from a domain that is neither checked nor vouched for. */
export const unprovenMarketingPerDay = 500;
/** For so many days a good check counts, where no other could be made since. */
export const proofDays = 30;

export const domainRowIds = ["spf", "dkim", "dmarc", "mx"] as const;
/** `unknown`: DNS did not answer. */
export const domainRowStates = ["good", "warn", "bad", "unknown"] as const;
export type DomainRowState = (typeof domainRowStates)[number];

/** A record as it is entered at the DNS of the domain. */
export const DnsRecord = z.object({ type: z.enum(["TXT", "MX", "CNAME"]), name: z.string(), value: z.string() });
export type DnsRecord = z.infer<typeof DnsRecord>;

export const DomainRow = z.object({
  id: z.enum(domainRowIds),
  state: z.enum(domainRowStates),
  /** What is right or wrong, and who does what, in plain words. */
  text: z.string(),
  /** What stands in DNS now. */
  found: z.array(z.string()),
  /** What should stand there; null where nothing is to be changed. */
  record: DnsRecord.nullable(),
});
export type DomainRow = z.infer<typeof DomainRow>;

export const DomainReport = z.object({ domain: z.string(), checkedAt: Timestamp, rows: z.array(DomainRow) });
export type DomainReport = z.infer<typeof DomainReport>;

/** Whether mailbox providers can see that the workspace may send for the domain. Where mail is received says nothing about it. */
export const isProof = ({ rows }: DomainReport): boolean => rows.every(({ id, state }) => id === "mx" || state === "good");

/** The domain of the sender of a channel of e-mail, and what is known of it. */
export const SendingDomain = z.object({
  /** Null where e-mail stays on this machine. */
  domain: z.string().nullable(),
  /** Nobody can have this domain (RFC 2606), so nothing is to be checked. */
  isReserved: z.boolean(),
  /** The last check that had an answer; null before the first. */
  report: DomainReport.nullable(),
  /** A member's word that the domain is set up, for an installation that sees no DNS. */
  statement: z.object({ text: z.string(), byName: z.string(), at: Timestamp }).nullable(),
  /** What lets marketing e-mail leave without the limit; null where the limit holds. */
  proof: z.enum(["checked", "stated"]).nullable(),
  /** Marketing e-mails that count against the limit of the day that is counted now. */
  usedToday: z.number().int(),
});
export type SendingDomain = z.infer<typeof SendingDomain>;

export const DomainStatement = z.strictObject({
  /** Null takes it back. */
  text: z
    .string()
    .trim()
    .min(10, "Say in a sentence who has set the records, and when")
    .max(500)
    .regex(/^[^\p{Cc}]*$/u, "One paragraph, without line breaks")
    .nullable(),
});

/** The domain of an address, in lower case. */
export const domainOf = (address: string): string => address.slice(address.lastIndexOf("@") + 1).toLowerCase();

/** Domains that nobody can have (RFC 2606, RFC 6761): mail from them reaches catchers and tests only. */
export const isReservedDomain = (domain: string): boolean =>
  /(?:^|\.)(?:test|example|invalid|localhost)$/.test(domain) || /(?:^|\.)example\.(?:com|net|org)$/.test(domain);
