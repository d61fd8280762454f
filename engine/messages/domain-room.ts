import type { Provider } from "#channels/channel.ts";
import { staysHere } from "#channels/stays-here.ts";
import { isReservedDomain } from "#contract/sending-domain.ts";
import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import type { MessageDraft } from "../flow/node-executor.ts";
import { giveBackUnproven, readSendingDomain, takeUnproven } from "./domain-room-rows.ts";

/** How many of some messages may leave today, and when the others may. */
interface DomainRoom {
  granted: number;
  nextDayAt: Date;
  /** Takes back what was granted and is not used. */
  giveBack(unused: number): Promise<void>;
}

/** Whether the limit of a domain that nobody has checked concerns such messages. */
export const isOfDomain = ({ channel, kind }: Pick<MessageDraft, "channel" | "kind">): boolean =>
  channel === "email" && kind === "marketing";

/** Whether marketing e-mail of the workspace has the limit of a domain that is neither checked nor vouched for. */
export async function isDomainUnproven(db: Db, workspaceId: string): Promise<boolean> {
  const found = await readSendingDomain(db, workspaceId);
  return found !== undefined && !found.isProven && !isReservedDomain(found.domain);
}

/** How many of these messages may leave today from the workspace's sending domain: all but marketing e-mail of one that is not proven. */
export async function askDomain(
  { db, clock }: { db: Db; clock: Clock },
  { workspaceId, draft, provider, wanted }: { workspaceId: string; draft: MessageDraft; provider: Provider; wanted: number },
): Promise<DomainRoom> {
  const all = { granted: wanted, nextDayAt: new Date(0), giveBack: async () => {} };
  if (!isOfDomain(draft) || staysHere(provider.name) || !(await isDomainUnproven(db, workspaceId))) return all;
  const { granted, nextDayAt } = await takeUnproven(db, { workspaceId, wanted }, clock);
  return { granted, nextDayAt, giveBack: (unused) => (unused > 0 ? giveBackUnproven(db, { workspaceId, unused }) : Promise.resolve()) };
}
