import { z } from "zod";
import { Uuid } from "./pagination.ts";

/** A host name alone: no scheme, no port, no path, and no address of a machine. */
const hostName = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])$/;

export const ShortDomain = z
  .string()
  .trim()
  .toLowerCase()
  .refine(
    (name) => name.length <= 60 && hostName.test(name),
    "A name of at most 60 characters is needed, such as go.example.com: without https:// and without a path",
  );

/** What a workspace wants to know of its messages after they have left. */
export const LinkTracking = z.strictObject({
  /** Links in e-mails lead through this instance, and so do those in SMS where `shortDomain` is set. */
  clicks: z.boolean().default(false),
  /** E-mails carry a picture that tells when it is loaded. Many programs load it by themselves, or never. */
  opens: z.boolean().default(false),
  /** The host name that leads to this instance by https, under which links in SMS are short. */
  shortDomain: ShortDomain.nullable().default(null),
});
export type LinkTracking = z.infer<typeof LinkTracking>;

export const noLinkTracking: LinkTracking = { clicks: false, opens: false, shortDomain: null };

/** Who of a send clicked and opened. Each contact counts once for each enrollment, however often. */
export const SendClicks = z.object({
  sendId: Uuid,
  /** What is noted of messages that leave now. What was noted before is told all the same. */
  tracksClicks: z.boolean(),
  tracksOpens: z.boolean(),
  clicked: z.number().int(),
  /** Unreliable: programs load pictures by themselves, or never. */
  opened: z.number().int(),
  /** Links that only programs have followed, such as those that look for viruses. */
  onlyPrograms: z.number().int(),
  /** The links that most contacts followed, the most first. */
  links: z.array(z.object({ url: z.string(), contacts: z.number().int() })).max(10),
});
export type SendClicks = z.infer<typeof SendClicks>;
