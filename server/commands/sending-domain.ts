import { checkDomain } from "#channels/email/domain/check-domain.ts";
import type { DnsOptions } from "#channels/email/domain/dns-look-up.ts";
import type { SendingDomainFacts } from "#channels/provider-definition.ts";
import { type DomainReport, isProof, isReservedDomain, proofDays, type SendingDomain } from "#contract/sending-domain.ts";
import type { Db } from "#db/client.ts";
import { findSendingDomain, readUnprovenToday, saveDomainReport } from "#db/queries/sending-domains.ts";
import type { ProviderDirectory } from "../compose/provider-directory.ts";

interface DomainTools {
  ownerDb: Db;
  providers: Pick<ProviderDirectory, "sendingDomainOf">;
}

const none: SendingDomain = { domain: null, isReserved: false, report: null, statement: null, proof: null, usedToday: 0 };

/** What is known of the domain from which the workspace sends e-mail now. */
export async function readSendingDomain({ ownerDb, providers }: DomainTools, workspaceId: string): Promise<SendingDomain> {
  const facts = await providers.sendingDomainOf(workspaceId);
  if (!facts) return none;
  const { domain } = facts;
  const stored = await findSendingDomain(ownerDb, { workspaceId, domain }, proofDays);
  const statement = stored?.statement ?? null;
  return {
    domain,
    isReserved: isReservedDomain(domain),
    report: stored?.report ?? null,
    statement: statement && { ...statement, at: statement.at.toISOString() },
    proof: stored?.isChecked ? "checked" : statement ? "stated" : null,
    usedToday: await readUnprovenToday(ownerDb, workspaceId),
  };
}

/** Looks the sending domain up and keeps what was found. Returns whether it is proven by it; null where there is nothing to look up, or no answer. */
export async function checkSendingDomain(
  { ownerDb, providers }: DomainTools,
  workspaceId: string,
  dns: DnsOptions,
): Promise<boolean | null> {
  const facts = await providers.sendingDomainOf(workspaceId);
  if (!facts || isReservedDomain(facts.domain)) return null;
  const report = await reportOn(facts, dns);
  const isAnswered = report.rows.every(({ state }) => state !== "unknown");
  const isGood = isProof(report) || (isAnswered ? false : null);
  await saveDomainReport(ownerDb, { workspaceId, domain: facts.domain }, { report, isGood });
  return isGood;
}

async function reportOn(facts: SendingDomainFacts, dns: DnsOptions): Promise<DomainReport> {
  return { domain: facts.domain, checkedAt: new Date().toISOString(), rows: await checkDomain(facts, dns) };
}
