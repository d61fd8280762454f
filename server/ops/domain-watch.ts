import type { Logger } from "pino";
import type { DnsOptions } from "#channels/email/domain/dns-look-up.ts";
import type { Db } from "#db/client.ts";
import { takeDueDomain } from "#db/queries/sending-domains.ts";
import { repeat } from "#engine/drivers/repeat.ts";
import type { Engine } from "#engine/engine-api.ts";
import { checkSendingDomain } from "../commands/sending-domain.ts";
import type { ProviderDirectory } from "../compose/provider-directory.ts";

interface DomainWatch {
  ownerDb: Db;
  providers: Pick<ProviderDirectory, "sendingDomainOf">;
  engine: Pick<Engine, "askPacedAgain">;
  dns: DnsOptions;
  log: Logger;
}

const everyMs = 30_000;

/** Looks the sending domain of each workspace up once a day. Every worker does; each domain is taken by one of them. */
export const startDomainWatch = (watch: DomainWatch): { stop(): Promise<void> } =>
  repeat("sending domains", everyMs, () => checkDueDomains(watch), watch.log);

export async function checkDueDomains({ engine, dns, ...tools }: Omit<DomainWatch, "log">): Promise<void> {
  for (let workspaceId = await takeDueDomain(tools.ownerDb); workspaceId !== undefined; workspaceId = await takeDueDomain(tools.ownerDb)) {
    const isGood = await checkSendingDomain(tools, workspaceId, dns);
    // What waited for it may leave.
    if (isGood) await engine.askPacedAgain({ workspaceId, afterMs: 0 });
  }
}
