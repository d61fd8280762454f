import { contactName } from "#contract/contact-fields.ts";
import type { Channel } from "#contract/messages.ts";
import type { Tx } from "#db/client.ts";
import { EngineRefusal } from "../base/refusal.ts";
import { readSpelling } from "../effects/decide-change.ts";
import { readyFlow } from "../flow/flow-graph.ts";
import { checkGraph } from "../flow/freeze-version.ts";
import { messageChannels } from "../flow/message-channels.ts";
import { ruleOf } from "../flow/rule-of.ts";
import { readFlow } from "../flow/version-rows.ts";
import { readContactDays } from "../messages/contact-cap-rows.ts";
import { readGateFacts } from "../messages/gate.ts";
import { AddressBook } from "./address-book.ts";
import type { Audience, AudienceRow, Standing } from "./audience-rows.ts";
import { countAudience, findTwins, readNamed, readPage, readStanding } from "./audience-rows.ts";
import { begin, type DaysOf, toSend } from "./begin-walk.ts";
import { Pace } from "./pace.ts";
import { asReader } from "./reader-rows.ts";
import type { ForecastFacts } from "./rehearse.ts";
import { roundStarts } from "./round-starts.ts";
import type { ForecastContext, ForecastInput, ForecastSink, Stage, WalkedAudience } from "./stage.ts";
import { joinGroups, packed } from "./twin-groups.ts";
import { walkEach, walkTogether } from "./walk-together.ts";

/** Contacts are read and walked in pages of so many. */
const pageSize = 1_000;

/**
 * Walks every contact of a selection through a flow, as the engine would if the send began now: its own walk, executors, gate and
 * texts, on the contacts as they are, each on a clock of its own. It reads as a role that can only read, and nothing here can
 * reach a provider. Contacts that share an address are walked side by side, because the first message takes the address.
 *
 * @throws EngineRefusal flow_not_found, flow_archived, flow_invalid, flow_has_no_steps, nothing_selected, forecast_too_large
 */
export async function walkAudience(context: ForecastContext, input: ForecastInput, sink: ForecastSink): Promise<WalkedAudience> {
  const { stage, standing, channels, twins } = await prepare(context, input, sink);
  const isTwin = new Set(twins.flat());
  const starts = new Map<string, number>();
  const alone = walkEach(stage);
  const missing = new Set(input.selection.type === "ids" ? input.selection.ids.map((id) => id.toLowerCase()) : []);

  for (let after: string | null = null, size = pageSize; size === pageSize; ) {
    const { rows, had }: Page = await readRows(stage, (tx) => readPage(tx, stage.audience, { after, limit: pageSize }, context.clock));
    size = rows.length;
    after = rows.at(-1)?.contact_id ?? null;
    for (const row of rows) {
      if (stage.pace.isDue()) await stage.pace.rest();
      missing.delete(row.contact_id);
      if (row.entry !== null) {
        sink.refused({ id: row.contact_id, name: contactName(row) }, row.entry);
        continue;
      }
      const begins = stage.nextStart(row);
      if (isTwin.has(row.contact_id)) starts.set(row.contact_id, begins);
      else await alone.walk(begin(stage, row, begins, had));
    }
    await alone.finish();
  }
  for (const id of missing) sink.refused({ id, name: null }, "contact_deleted");
  for (const ids of packed(twins, pageSize)) {
    const { rows, had } = await readRows(stage, (tx) => readNamed(tx, stage.audience, ids, context.clock));
    const group = rows.flatMap((row) => {
      const begins = starts.get(row.contact_id);
      return begins === undefined ? [] : [begin(stage, row, begins, had)];
    });
    await walkTogether(stage, group);
  }
  return { flow: stage.flow as WalkedAudience["flow"], standing, channels };
}

async function prepare(
  context: ForecastContext,
  input: ForecastInput,
  sink: ForecastSink,
): Promise<{ stage: Stage; standing: Standing; channels: Channel[]; twins: string[][] }> {
  const { nodes, clock } = context;
  const { workspaceId, flowId, selection, start, drip, undoSeconds = 0, oncePerAddress = true, most } = input;
  return asReader(context.db, workspaceId, async (tx) => {
    const stored = await readFlow(tx, { workspaceId, flowId });
    const standing = await readStanding(tx, { workspaceId, start, undoSeconds }, clock);
    if (!stored || !standing) throw new EngineRefusal("flow_not_found", "This flow does not exist in this workspace.");
    const graph = input.graph ?? { nodes: stored.nodes, edges: stored.edges };
    checkGraph(graph, nodes, { flowId, by: "person" });
    const flow = readyFlow(graph, nodes);
    const channels = [...messageChannels(flow).keys()];
    const audience: Audience = {
      workspaceId,
      flowId,
      selection,
      rule: ruleOf(flow),
      contactClock: start?.zone === "contact" ? { at: start.at, notBefore: standing.beginsAt.toISOString() } : null,
      readsConsents: flow.problem === undefined && [...flow.nodes.values()].some(({ type }) => type === "consent"),
    };
    const found = await countAudience(tx, audience, most);
    if (found === 0) throw new EngineRefusal("nothing_selected", "No contact matches this selection now.");
    if (found > most) {
      throw new EngineRefusal("forecast_too_large", `A forecast looks at ${most.toLocaleString("en")} contacts at most. Choose fewer.`);
    }
    const { whole } = await readContactDays(tx, { workspaceId, contactIds: [] }, clock);
    const facts: ForecastFacts = {
      gate: await readGateFacts(tx, { workspaceId, channels }),
      refusedChannels: input.refusedChannels,
      spellStatus: await readSpelling(tx, workspaceId),
      cap: whole,
      book: oncePerAddress ? new AddressBook() : undefined,
      keepsTexts: sink.readsTexts === true,
    };
    const twins = oncePerAddress ? joinGroups(await findTwins(tx, audience, channels)) : [];
    const beginsAt = standing.beginsAt.getTime();
    const nextRound = drip && roundStarts(drip, beginsAt, standing.workspace.timeZone);
    const stage: Stage = {
      context,
      audience,
      flow,
      facts,
      sink,
      pace: new Pace(input),
      send: toSend(input, standing),
      nextStart: (row) => row.wake_at?.getTime() ?? nextRound?.() ?? beginsAt,
    };
    return { stage, standing, channels, twins };
  });
}

interface Page {
  rows: AudienceRow[];
  /** When these contacts got messages within the last day. */
  had: DaysOf;
}

const readRows = ({ context, pace, audience: { workspaceId } }: Stage, read: (tx: Tx) => Promise<AudienceRow[]>): Promise<Page> =>
  pace.during(() =>
    asReader(context.db, workspaceId, async (tx) => {
      const rows = await read(tx);
      const contactIds = rows.map(({ contact_id }) => contact_id);
      return { rows, had: (await readContactDays(tx, { workspaceId, contactIds }, context.clock)).times };
    }),
  );
