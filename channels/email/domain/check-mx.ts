import type { DomainRow } from "#contract/sending-domain.ts";
import type { DnsLookUp } from "./dns-look-up.ts";

/** Whether mail to these domains arrives anywhere: where answers go, and where servers report what they could not deliver. */
export async function checkMx(dns: DnsLookUp, { domains }: { domains: readonly string[] }): Promise<DomainRow> {
  const checked = await Promise.all([...new Set(domains)].map((domain) => readMx(dns, domain)));
  const worst = checked.find(({ state }) => state === "warn") ?? checked.find(({ state }) => state === "unknown");
  const found = checked.flatMap(({ values }) => values);
  const text = worst?.text ?? "Answers and reports of what could not be delivered arrive.";
  return { id: "mx", state: worst?.state ?? "good", text, found, record: null };
}

async function readMx(dns: DnsLookUp, domain: string): Promise<{ state: DomainRow["state"]; text: string; values: string[] }> {
  const answer = await dns.mx(domain);
  if (answer.outcome === "failed") return { state: "unknown", text: "DNS did not answer. Try again in a while.", values: [] };
  const nobody = {
    state: "warn" as const,
    text: `${domain} receives no mail: answers, and reports of what could not be delivered, are lost.`,
  };
  if (answer.outcome === "missing") {
    // Without one, the address of the name itself counts (RFC 5321, 5.1).
    const own = await dns.a(domain);
    return own.outcome === "found"
      ? { state: "good", text: "", values: own.values.map((address) => `${domain} ${address}`) }
      : { ...nobody, values: [] };
  }
  const values = answer.values.map(({ exchange, priority }) => `${domain} ${priority} ${exchange}`).slice(0, 10);
  // "." says that the domain receives none (RFC 7505).
  return answer.values.every(({ exchange }) => exchange === "" || exchange === ".")
    ? { ...nobody, values }
    : { state: "good", text: "", values };
}
