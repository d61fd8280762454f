import type { DomainRow } from "#contract/sending-domain.ts";
import type { DnsLookUp } from "./dns-look-up.ts";

interface SpfQuestion {
  /** The domain of the address to which a mail server sends reports (RFC 7208). */
  domain: string;
  /** The name that the record must include, where it is known. */
  include: string | undefined;
}

/** A receiver looks up no more than this for one record (RFC 7208, 4.6.4). */
const mostLookUps = 10;

/** Whether the servers that may send for the domain are named so that receivers can follow it. */
export async function checkSpf(dns: DnsLookUp, { domain, include }: SpfQuestion): Promise<DomainRow> {
  const proposed = { type: "TXT" as const, name: domain, value: `v=spf1 include:${include ?? "_spf.your-provider.example"} ~all` };
  const row = (state: DomainRow["state"], text: string, found: string[], record: DomainRow["record"] = null): DomainRow => ({
    ...{ id: "spf", state, text, found, record },
  });
  const answer = await dns.txt(domain);
  if (answer.outcome === "failed") return row("unknown", "DNS did not answer. Try again in a while.", []);
  const records = answer.outcome === "found" ? answer.values.filter(isSpf) : [];
  const [record] = records;
  if (!record)
    return row(
      "bad",
      `Nobody is named who may send for ${domain}. Enter this record${include ? "" : ", with what your mail provider says to include"}.`,
      [],
      proposed,
    );
  if (records.length > 1) return row("bad", "There are several SPF records, and receivers then count none. Join them into one.", records);
  const all = allOf(record);
  if (all === "+")
    return row("bad", "The record lets everybody send for the domain. End it with ~all or -all.", records, {
      ...proposed,
      value: withAll(record),
    });
  const followed = await follow(dns, record, domain);
  if (followed.outcome === "failed")
    return row("unknown", "DNS did not answer for a record that this one includes. Try again in a while.", records);
  if (followed.broken !== undefined)
    return row(
      "bad",
      `The record includes ${followed.broken}, which has no SPF record. Receivers then count none: take it out, or correct it.`,
      records,
    );
  if (followed.lookUps > mostLookUps)
    return row(
      "bad",
      `Receivers would have to look up ${followed.lookUps} names and stop after ${mostLookUps}. Take out what no longer sends for you.`,
      records,
    );
  if (include !== undefined && !followed.includes.has(include))
    return row("bad", `The record does not name the servers that send for you: add include:${include}.`, records, {
      ...proposed,
      value: withInclude(record, include),
    });
  if (all === undefined && !/\bredirect=/i.test(record))
    return row("warn", "The record does not say what becomes of mail from other servers. End it with ~all.", records, {
      ...proposed,
      value: withAll(record),
    });
  if (all === "?")
    return row("warn", "The record says nothing about other servers (?all). End it with ~all.", records, {
      ...proposed,
      value: withAll(record),
    });
  return row("good", `The servers that may send are named, with ${followed.lookUps} of ${mostLookUps} look-ups.`, records);
}

const isSpf = (text: string): boolean => /^v=spf1(?:\s|$)/i.test(text);
const termsOf = (record: string): string[] => record.trim().split(/\s+/).slice(1, 100);

/** The sign of "all"; undefined where it does not stand there. */
function allOf(record: string): "+" | "-" | "~" | "?" | undefined {
  const term = termsOf(record).find((one) => /^[+?~-]?all$/i.test(one));
  if (term === undefined) return undefined;
  return term.length === 3 ? "+" : (term[0] as "+" | "-" | "~" | "?");
}
const withAll = (record: string): string => ["v=spf1", ...termsOf(record).filter((one) => !/^[+?~-]?all$/i.test(one)), "~all"].join(" ");
const withInclude = (record: string, include: string): string => {
  const terms = termsOf(record);
  return ["v=spf1", `include:${include}`, ...terms].join(" ");
};

type Followed = { outcome: "failed" } | { outcome: "known"; lookUps: number; includes: ReadonlySet<string>; broken: string | undefined };

/** Follows what the record includes, as far as a receiver would. */
async function follow(dns: DnsLookUp, record: string, domain: string): Promise<Followed> {
  const includes = new Set<string>();
  const seen = new Set([domain.toLowerCase()]);
  const waiting = [record];
  let lookUps = 0;
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    for (const term of termsOf(next)) {
      const [, name = "", value = ""] = /^[+?~-]?([a-z]+)(?:[:=/](.*))?$/i.exec(term) ?? [];
      const kind = name.toLowerCase();
      if (["a", "mx", "ptr", "exists"].includes(kind)) lookUps += 1;
      if (kind !== "include" && kind !== "redirect") continue;
      lookUps += 1;
      // Beyond that no receiver looks. A name with a macro is another one for each mail.
      if (lookUps > mostLookUps * 2 || value.includes("%")) continue;
      const target = value.toLowerCase();
      includes.add(target);
      if (seen.has(target)) continue;
      seen.add(target);
      const answer = await dns.txt(target);
      if (answer.outcome === "failed") return { outcome: "failed" };
      const included = answer.outcome === "found" ? answer.values.find(isSpf) : undefined;
      if (included === undefined) return { outcome: "known", lookUps, includes, broken: target };
      waiting.push(included);
    }
  }
  return { outcome: "known", lookUps, includes, broken: undefined };
}
