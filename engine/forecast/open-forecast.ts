import { plainNarrowing } from "#contract/who-not.ts";
import { EngineRefusal } from "../base/refusal.ts";
import { readSpelling } from "../effects/decide-change.ts";
import { refuseUnaskable } from "../enrollment/narrowing-rows.ts";
import type { ReadyFlow } from "../flow/flow-graph.ts";
import { readyFlow } from "../flow/flow-graph.ts";
import { freezeLaunch } from "../flow/freeze-launch.ts";
import { checkGraph } from "../flow/freeze-version.ts";
import { messageChannels } from "../flow/message-channels.ts";
import { ruleOf } from "../flow/rule-of.ts";
import { readFlow } from "../flow/version-rows.ts";
import { readCountedMessages } from "../messages/contact-cap-rows.ts";
import { asksForConsent, readGateFacts } from "../messages/gate.ts";
import type { MessageLinks } from "../messages/message-links.ts";
import { refuseTooLate } from "../messages/refuse-too-late.ts";
import { AddressBook } from "./address-book.ts";
import { type Audience, countAudience, readFlowContent, readStanding } from "./audience-rows.ts";
import { toSend } from "./begin-walk.ts";
import type { ForecastFacts } from "./facts.ts";
import { openLimits, poolsOf } from "./open-limits.ts";
import { Pace } from "./pace.ts";
import { isKept } from "./provider-names.ts";
import { asReader } from "./reader-rows.ts";
import { roundStarts } from "./round-starts.ts";
import type { ForecastContext, ForecastInput, ForecastSink, Stage, WalkedAudience } from "./stage.ts";

export interface OpenForecast {
  stage: Stage;
  known: WalkedAudience;
}

/**
 * Reads what all contacts of a forecast share, and how many they are. Nobody is walked yet.
 *
 * @throws EngineRefusal flow_not_found, flow_archived, flow_invalid, flow_has_no_steps, invalid_request, nothing_selected,
 * forecast_too_large, values_invalid, inputs_changed
 */
export async function openForecast(context: ForecastContext, input: ForecastInput, sink: ForecastSink): Promise<OpenForecast> {
  const { nodes, clock } = context;
  const { workspaceId, flowId, selection, start, drip, notLaterThan, undoSeconds = 0, oncePerAddress = true, most, providers } = input;
  const narrowing = plainNarrowing(input);
  refuseUnaskable(narrowing);
  return asReader(context.db, workspaceId, async (tx) => {
    const stored = await readFlow(tx, { workspaceId, flowId });
    const standing = await readStanding(tx, { workspaceId, start, notLaterThan, undoSeconds }, clock);
    if (!stored || !standing) throw new EngineRefusal("flow_not_found", "This flow does not exist in this workspace.");
    refuseTooLate(standing);
    const graph = input.graph ?? { nodes: stored.nodes, edges: stored.edges };
    checkGraph(graph, nodes, { flowId, by: "person" });
    const flow = readyFlow(graph, nodes);
    const launch = freezeLaunch(flow, { ...input, ids: selection.type === "ids" ? selection.ids : undefined });
    const used = messageChannels(flow);
    const channels = [...used.keys()];
    const audience: Audience = {
      workspaceId,
      flowId,
      selection,
      rule: ruleOf(flow),
      contactClock: start?.zone === "contact" ? { at: start.at, notBefore: standing.beginsAt.toISOString() } : null,
      narrowing,
      isTest: input.asTest === true,
      readsConsents: nodesOf(flow).some(({ type }) => type === "consent"),
    };
    const found = await countAudience(tx, audience, most);
    if (found === 0) throw new EngineRefusal("nothing_selected", "No contact matches this selection now.");
    if (found > most) {
      throw new EngineRefusal("forecast_too_large", `A forecast looks at ${most.toLocaleString("en")} contacts at most. Choose fewer.`);
    }
    const total = selection.type === "ids" ? new Set(selection.ids.map((id) => id.toLowerCase())).size : found;
    const gate = await readGateFacts(tx, { workspaceId, channels });
    const { whole } = await readCountedMessages(tx, { workspaceId, contactIds: [], days: 1 }, clock);
    const facts: ForecastFacts = {
      gate,
      providers,
      links: context.links && sampleLinks(context.links),
      spellStatus: await readSpelling(tx, workspaceId),
      cap: whole,
      book: oncePerAddress ? new AddressBook() : undefined,
      limits: await openLimits(tx, { workspaceId, flow, providers, channels, contacts: found }),
      keepsTexts: sink.readsTexts === true,
    };
    const beginsAt = standing.beginsAt.getTime();
    const nextRound = drip && roundStarts(drip, beginsAt, standing.workspace.timeZone);
    return {
      known: {
        flow: flow as WalkedAudience["flow"],
        flowContent: await readFlowContent(tx, audience),
        standing,
        channels,
        kept: channels.filter((channel) => isKept(providers[channel])),
        total,
      },
      stage: {
        context,
        audience,
        flow,
        facts,
        sink,
        pace: new Pace(input),
        pools: poolsOf(workspaceId, providers, channels),
        needsConsent: [...used].some(([channel, kinds]) => asksForConsent(channel, kinds, gate.rules)),
        own: launch.own,
        send: toSend(input, standing, { expected: total, given: launch.all }),
        nextStart: (row) => row.wake_at?.getTime() ?? nextRound?.() ?? beginsAt,
      },
    };
  });
}

const nodesOf = (flow: ReadyFlow) => (flow.problem === undefined ? [...flow.nodes.values()] : []);

/** Whether executions of the flow can write an address, which may be that of another contact. */
export const writesContacts = (flow: ReadyFlow): boolean => nodesOf(flow).some(({ definition }) => definition.category === "contact");

/** Links of the length that those of the messages will have, and which change nothing. */
const sampleLinks = (links: MessageLinks): MessageLinks => ({
  unsubscribeUrl: () => links.sampleUrl(),
  sampleUrl: () => links.sampleUrl(),
  tracked: () => links.tracked("sample"),
});
