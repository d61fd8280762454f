import { z } from "zod";
import type { SenderPace } from "../channel.ts";

/** An owner sets these for a sender. The usual pace holds where one is left out. */
const GivenPace = z.strictObject({
  partsPerSecond: z.number().int().min(1, "At least 1").max(1_000, "At most 1,000").optional(),
  partsPerDay: z.number().int().min(1, "At least 1").max(100_000_000, "At most 100,000,000").nullable().optional(),
});

/** How fast the senders of an account may send, by sender. One that is not named, or is no sender any more, is as usual. */
export const SenderPaces = z
  .record(z.string().max(50), GivenPace)
  .refine((paces) => Object.keys(paces).length <= 100, "At most 100 senders have a pace")
  .default({});
export type SenderPaces = z.infer<typeof SenderPaces>;

/**
 * Parts a second that carriers take of a sender whose registration says no more (checked November 2026): a short code 100, a
 * toll-free number 3, any other number, name or messaging service 1.
 */
export function usualPartsPerSecond(sender: string): number {
  if (/^\d{3,8}$/.test(sender)) return 100;
  return /^\+18(00|33|44|55|66|77|88)\d{7}$/.test(sender) ? 3 : 1;
}

export function paceOfSender(paces: SenderPaces, sender: string): SenderPace {
  const given = Object.hasOwn(paces, sender) ? paces[sender] : undefined;
  return { partsPerSecond: given?.partsPerSecond ?? usualPartsPerSecond(sender), partsPerDay: given?.partsPerDay ?? null };
}
