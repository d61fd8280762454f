import { z } from "zod";

/** The bounds of what may be asked of a canary, and the usual values. The limits are those of the few, in percent. */
export const canaryBounds = {
  contacts: { least: 1, most: 1_000, usual: 25 },
  percent: { least: 0.1, most: 20, usual: 1 },
  minutes: { least: 1, most: 1_440, usual: 15 },
  failurePercent: { least: 0, most: 50, usual: 2 },
  optOutPercent: { least: 0, most: 50, usual: 0.5 },
  suggestAbove: { least: 25, most: 1_000_000, usual: 1_000 },
} as const;

type Bounds = (typeof canaryBounds)[keyof typeof canaryBounds];
const whole = ({ least, most }: Bounds) => z.number().int().min(least).max(most);
const share = ({ least, most }: Bounds) => z.number().min(least).max(most);

/** How a workspace tries a send with a few first. */
export const CanaryRules = z.strictObject({
  contacts: whole(canaryBounds.contacts).default(canaryBounds.contacts.usual),
  /** The other choice: so many of the contacts. */
  percent: share(canaryBounds.percent).default(canaryBounds.percent.usual),
  /** For how long the few are watched before the rest follow. */
  minutes: whole(canaryBounds.minutes).default(canaryBounds.minutes.usual),
  failurePercent: share(canaryBounds.failurePercent).default(canaryBounds.failurePercent.usual),
  optOutPercent: share(canaryBounds.optOutPercent).default(canaryBounds.optOutPercent.usual),
  /** Sends to more contacts than this are offered a canary. */
  suggestAbove: whole(canaryBounds.suggestAbove).default(canaryBounds.suggestAbove.usual),
});
export type CanaryRules = z.infer<typeof CanaryRules>;

/** A send that begins with a few. What is left out is as the workspace has it; it also sets what the few may find. */
export const CanaryRequest = z
  .strictObject({
    contacts: whole(canaryBounds.contacts).optional(),
    percent: share(canaryBounds.percent).optional(),
    minutes: whole(canaryBounds.minutes).optional(),
  })
  .refine(({ contacts, percent }) => contacts === undefined || percent === undefined, {
    path: ["percent"],
    message: "Name a number of contacts or a percentage, not both",
  });
export type CanaryRequest = z.infer<typeof CanaryRequest>;
