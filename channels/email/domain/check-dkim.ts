import { createPublicKey } from "node:crypto";
import type { DomainRow } from "#contract/sending-domain.ts";
import type { DnsLookUp } from "./dns-look-up.ts";
import { tagOf } from "./record-tags.ts";

interface DkimQuestion {
  domain: string;
  /** Where the keys stand, by the provider's or the operator's word; empty where nobody has said. */
  selectors: readonly string[];
  /** The provider that shows the key. */
  keeper: string;
}

/** Where many providers put their keys. A key that is found so need not be the one that signs. */
const usualSelectors = ["default", "dkim", "mail", "google", "selector1", "selector2", "k1", "s1", "key1", "smtp"];
const leastBits = 1_024;
const goodBits = 2_048;

/** Whether the key with which mails are signed stands in DNS. */
export async function checkDkim(dns: DnsLookUp, { domain, selectors, keeper }: DkimQuestion): Promise<DomainRow> {
  if (selectors.length === 0) return checkUsual(dns, domain, keeper);
  const keys = await Promise.all(selectors.map((selector) => readKey(dns, domain, selector)));
  const found = keys.flatMap(({ record }) => record ?? []);
  const bad =
    keys.find(({ state }) => state === "bad") ??
    keys.find(({ state }) => state === "unknown") ??
    keys.find(({ state }) => state === "warn");
  const row = { id: "dkim" as const, found: found.map(shorten) };
  if (!bad) return { ...row, state: "good", text: `The key stands at ${keys.map(({ name }) => name).join(" and ")}.`, record: null };
  const record =
    bad.record === undefined && bad.state === "bad"
      ? { type: "TXT" as const, name: bad.name, value: `the key as ${keeper} shows it` }
      : null;
  return { ...row, state: bad.state, text: bad.text, record };
}

async function checkUsual(dns: DnsLookUp, domain: string, keeper: string): Promise<DomainRow> {
  const keys = await Promise.all(usualSelectors.map((selector) => readKey(dns, domain, selector)));
  const key = keys.find(({ state }) => state === "good" || state === "warn");
  const text = key
    ? `There is a key at ${key.name}. If ${keeper} signs with it, enter its selector, ${key.selector}, in the form above.`
    : `Nobody has said where the key stands. Switch signing (DKIM) on at ${keeper}, enter its record in DNS, and its selector in the form above.`;
  return { id: "dkim", state: "warn", text, found: key?.record ? [shorten(key.record)] : [], record: null };
}

interface Key {
  selector: string;
  name: string;
  state: DomainRow["state"];
  text: string;
  record?: string;
}

async function readKey(dns: DnsLookUp, domain: string, selector: string): Promise<Key> {
  const name = `${selector}._domainkey.${domain}`;
  const answer = await dns.txt(name);
  if (answer.outcome === "failed") return { selector, name, state: "unknown", text: "DNS did not answer. Try again in a while." };
  const record = answer.outcome === "found" ? answer.values.find((text) => /(?:^|;)\s*p\s*=/i.test(text)) : undefined;
  if (record === undefined) return { selector, name, state: "bad", text: `There is no key at ${name}. Enter the record there.` };
  const key = { selector, name, record };
  const value = tagOf(record, "p")?.replaceAll(/\s/g, "") ?? "";
  if (value === "") return { ...key, state: "bad", text: `The key at ${name} was revoked: it is empty. Enter the one that signs now.` };
  const bits = tagOf(record, "k")?.toLowerCase() === "ed25519" ? goodBits : bitsOf(value);
  if (bits === undefined)
    return { ...key, state: "bad", text: `What stands at ${name} is no key: it may have been cut off. Copy the whole of it.` };
  if (bits < leastBits)
    return {
      ...key,
      state: "bad",
      text: `The key at ${name} has ${bits} bits, and mailbox providers take none below ${leastBits}. Have a longer one made.`,
    };
  if (/(?:^|:)\s*y\s*(?::|$)/i.test(tagOf(record, "t") ?? ""))
    return { ...key, state: "warn", text: `The key at ${name} says that it is only being tried (t=y). Take that out.` };
  return { ...key, state: "good", text: bits < goodBits ? `The key has ${bits} bits; ${goodBits} are usual today.` : "" };
}

function bitsOf(value: string): number | undefined {
  try {
    return createPublicKey({ key: Buffer.from(value, "base64"), format: "der", type: "spki" }).asymmetricKeyDetails?.modulusLength;
  } catch {
    return undefined;
  }
}

const shorten = (record: string): string => (record.length > 120 ? `${record.slice(0, 120)}…` : record);
