import type { DomainRow } from "#contract/sending-domain.ts";
import type { SendingDomainFacts } from "../../provider-definition.ts";
import { checkDkim } from "./check-dkim.ts";
import { checkDmarc } from "./check-dmarc.ts";
import { checkMx } from "./check-mx.ts";
import { checkSpf } from "./check-spf.ts";
import { type DnsOptions, openDnsLookUp } from "./dns-look-up.ts";

/** Looks up what receivers of mail look up of a sender. It throws for nothing that DNS says. */
export async function checkDomain(
  { domain, spf, dkim, keeper, receives }: SendingDomainFacts,
  options: DnsOptions = {},
): Promise<DomainRow[]> {
  const dns = openDnsLookUp(options);
  try {
    return await Promise.all([
      ...(spf ? [checkSpf(dns, { domain: spf.at, include: spf.include })] : []),
      checkDkim(dns, { domain, selectors: dkim, keeper }),
      checkDmarc(dns, { domain }),
      checkMx(dns, { domains: receives }),
    ]);
  } finally {
    dns.close();
  }
}
