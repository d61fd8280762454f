import type { Channel } from "#contract/messages.ts";
import type { Tx } from "#db/client.ts";
import { runLimits } from "../execution/walk.ts";
import type { ReadyFlow } from "../flow/flow-graph.ts";
import { readDayUse } from "../messages/day-room-rows.ts";
import { isDomainUnproven } from "../messages/domain-room.ts";
import { readUnprovenUse } from "../messages/domain-room-rows.ts";
import type { Pool } from "../messages/last-sender-rows.ts";
import { readSenderStates } from "../messages/sender-pace-rows.ts";
import { isKept, type ProviderNames } from "./provider-names.ts";
import { SenderAndDayLimits } from "./sender-and-day-limits.ts";

interface Sharing {
  workspaceId: string;
  flow: ReadyFlow;
  providers: ProviderNames;
  channels: readonly Channel[];
  contacts: number;
}

/** The limits that messages of a forecast share; undefined where none of them can be reached, so that each contact goes its own way. */
export async function openLimits(
  tx: Tx,
  { workspaceId, flow, providers, channels, contacts }: Sharing,
): Promise<SenderAndDayLimits | undefined> {
  const day = await readDayUse(tx, workspaceId);
  const paced = channels.filter((channel) => {
    const provider = providers[channel];
    return provider !== undefined && !(provider instanceof Error) && provider.paceOf !== undefined;
  });
  const mayMail = channels.includes("email") && !isKept(providers.email);
  const unproven = mayMail && (await isDomainUnproven(tx, workspaceId)) ? await readUnprovenUse(tx, workspaceId) : null;
  const left = Math.min(day.perDay - day.used, unproven === null ? Number.POSITIVE_INFINITY : unproven.perDay - unproven.used);
  if (paced.length === 0 && contacts * mostMessages(flow) <= left) return undefined;
  const senders: Partial<Record<Channel, Awaited<ReturnType<typeof readSenderStates>>>> = {};
  for (const channel of paced) senders[channel] = await readSenderStates(tx, { workspaceId, channel });
  return new SenderAndDayLimits({ providers, senders, day, unproven, contacts });
}

/** The messages that a contact can get in one send at most. */
function mostMessages(flow: ReadyFlow): number {
  if (flow.problem !== undefined) return 0;
  const nodes = [...flow.nodes.values()].filter(({ definition }) => definition.channel !== undefined).length;
  return nodes * (flow.leadsBack ? runLimits.visitsPerNode : 1);
}

/** The channels of which several senders could write to a contact. */
export const poolsOf = (workspaceId: string, providers: ProviderNames, channels: readonly Channel[]): Pool[] =>
  channels.flatMap((channel) => {
    const provider = providers[channel];
    const hasChoice = provider !== undefined && !(provider instanceof Error) && (provider.senders?.length ?? 0) > 1;
    return hasChoice ? [{ workspaceId, channel, provider }] : [];
  });
