import type { DomainRow } from "#contract/sending-domain.ts";
import type { DnsLookUp } from "./dns-look-up.ts";
import { tagOf } from "./record-tags.ts";

/** A name above the domain may hold its policy; no receiver looks further up than this. */
const mostSteps = 5;

/** Whether the domain says what becomes of mail that fails both other checks, which the large mailbox providers ask of senders. */
export async function checkDmarc(dns: DnsLookUp, { domain }: { domain: string }): Promise<DomainRow> {
  const row = (state: DomainRow["state"], text: string, found: string[], record: DomainRow["record"] = null): DomainRow => ({
    ...{ id: "dmarc", state, text, found, record },
  });
  for (const at of upwards(domain)) {
    const answer = await dns.txt(`_dmarc.${at}`);
    if (answer.outcome === "failed") return row("unknown", "DNS did not answer. Try again in a while.", []);
    const records = answer.outcome === "found" ? answer.values.filter((text) => /^v=DMARC1(?:\s*;|\s*$)/i.test(text)) : [];
    const [record] = records;
    if (!record) continue;
    if (records.length > 1)
      return row("bad", `There are several DMARC records at _dmarc.${at}, and receivers then count none. Leave one.`, records);
    // Of a name above, the policy for names below counts.
    const policy = ((at === domain ? undefined : tagOf(record, "sp")) ?? tagOf(record, "p"))?.toLowerCase();
    if (policy !== "none" && policy !== "quarantine" && policy !== "reject")
      return row("bad", `The record at _dmarc.${at} names no policy that there is: none, quarantine or reject.`, records, proposed(domain));
    const where = at === domain ? "" : ` It stands at ${at}, above the domain.`;
    const advice = policy === "none" ? " Once the reports show no strangers, p=quarantine protects the name better." : "";
    return row("good", `The policy is ${policy}.${where}${advice}`, records);
  }
  return row(
    "bad",
    "The domain says nothing about mail that fails SPF and DKIM. The large mailbox providers ask for it: enter this record.",
    [],
    proposed(domain),
  );
}

const proposed = (domain: string) => ({
  type: "TXT" as const,
  name: `_dmarc.${domain}`,
  value: `v=DMARC1; p=none; rua=mailto:dmarc@${domain}`,
});

/** The domain and the names above it, down to two labels. */
function upwards(domain: string): string[] {
  const labels = domain.split(".");
  const steps = Math.min(Math.max(labels.length - 1, 1), mostSteps);
  const all = Array.from({ length: labels.length - 1 || 1 }, (_, n) => labels.slice(n).join("."));
  return steps < all.length ? [domain, ...all.slice(-(steps - 1))] : all;
}
