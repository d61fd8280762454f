import { hash } from "node:crypto";
import { phoneCountry } from "#channels/sms/phone.ts";

/** The person who is to get a message, as far as it decides which sender writes to them. */
export interface SenderQuestion {
  /** Where the message goes. */
  to: string;
  /** The country of the number; null where it is not known. */
  country: string | null;
  /** The sender with which the person last exchanged a message. */
  last: string | undefined;
}

/**
 * The sender of a pool that writes to a person: the one with which they last exchanged a message, as long as it is in the pool, so
 * that everything stands in one conversation on their phone. Someone new gets a number of their own country where there is one, and
 * of these the one that their address draws. Every worker draws the same one, and a pool that changes moves only those whose
 * sender was taken away, or who draw the new one and had no message before.
 */
export function chooseSender(pool: readonly string[], { to, country, last }: SenderQuestion): string | undefined {
  if (last !== undefined && pool.includes(last)) return last;
  const ofCountry = country === null ? [] : pool.filter((sender) => countryOf(sender) === country);
  const among = ofCountry.length > 0 ? ofCountry : pool;
  if (among.length <= 1) return among[0];
  let best: { sender: string; weight: string } | undefined;
  for (const sender of among) {
    const weight = hash("sha1", `${sender} ${to}`);
    if (!best || weight > best.weight) best = { sender, weight };
  }
  return best?.sender;
}

const countries = new Map<string, string | null>();
/** The country of a number; null for a short code, a name or a messaging service. */
function countryOf(sender: string): string | null {
  const known = countries.get(sender);
  if (known !== undefined) return known;
  const country = sender.startsWith("+") ? phoneCountry(sender) : null;
  if (countries.size > 10_000) countries.clear();
  countries.set(sender, country);
  return country;
}
