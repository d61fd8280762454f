import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { SendPreview } from "#contract/sends.ts";
import { plainNarrowing } from "#contract/who-not.ts";
import { isTimeout } from "#db/errors.ts";
import { findWorkspaceRules } from "#db/queries/sending-rules.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { EngineContext } from "../engine-context.ts";
import { refuseUnaskable } from "../enrollment/narrowing-rows.ts";
import { readyFlow } from "../flow/flow-graph.ts";
import { checkGraph } from "../flow/freeze-version.ts";
import { messageChannels } from "../flow/message-channels.ts";
import { ruleOf } from "../flow/rule-of.ts";
import { readFlow } from "../flow/version-rows.ts";
import { asksForConsent } from "../messages/gate.ts";
import type { PreviewSendInput } from "../send-api.ts";
import { previewApproval } from "./ask-approval.ts";
import { nothingChosen } from "./create-send.ts";
import { beginPreview, type Counted, countGroups } from "./preview-send-rows.ts";

/**
 * Counts, before a send, to whom nothing of a flow can go and why. It is what the send would find if it began now and if
 * every contact came to every message of the flow: which way each contact goes through it is not looked at.
 */
export async function previewSend(context: EngineContext, input: PreviewSendInput): Promise<SendPreview> {
  const { db, nodes, clock } = context;
  refuseUnaskable(input);
  const selection =
    input.selection.type === "ids"
      ? { ...input.selection, ids: [...new Set(input.selection.ids.map((id) => id.toLowerCase()))] }
      : input.selection;
  return db.transaction().execute(async (tx) => {
    if (!(await beginPreview(tx, input.workspaceId))) {
      throw new EngineRefusal("too_many_requests", "Two counts of this workspace are running. Try again in a moment.");
    }
    const stored = await readFlow(tx, input);
    if (!stored) throw new EngineRefusal("flow_not_found", "This flow does not exist in this workspace.");
    const graph = { nodes: stored.nodes, edges: stored.edges };
    checkGraph(graph, nodes, { flowId: stored.id, by: "person" });
    const flow = readyFlow(graph, nodes);
    const kinds = messageChannels(flow);
    const channels = [...kinds.keys()];
    const { rules } = await findWorkspaceRules(tx, input.workspaceId);
    const query = {
      ...{ ...input, selection, channels, kinds, rule: ruleOf(flow), narrowing: plainNarrowing(input) },
      sandbox: rules.sandbox,
      needsConsent: new Set(channels.filter((channel) => asksForConsent(channel, kinds.get(channel), rules))),
    };
    const counted = await countGroups(tx, query, clock).catch((error: unknown) => {
      if (!isTimeout(error)) throw error;
      throw new EngineRefusal(
        "count_took_too_long",
        "These contacts could not be counted within 5 seconds. You can send the flow all the same.",
      );
    });
    if (counted.total === 0) throw nothingChosen(selection);
    const approval = await previewApproval(context, tx, input);
    return { ...toPreview(counted, channels, selection.type === "ids" ? selection.ids.length : undefined), approval };
  });
}

/** `named`: how many contacts were named by id, of which some may be gone. */
function toPreview(
  { groups, total: found, sampled }: Counted,
  channels: readonly Channel[],
  named: number | undefined,
): Omit<SendPreview, "approval"> {
  const gone = named === undefined ? 0 : named - found;
  const entering = groups.filter(({ entry }) => entry === null);
  const getNothing = entering.filter((group) => channels.length > 0 && channels.every((channel) => group[channel] !== null));
  const notEnrolled = byReason(groups.map((group) => ({ ...group, reason: group.entry })));
  if (gone > 0) notEnrolled.push({ reason: "contact_deleted", contacts: gone });
  return {
    total: found + gone,
    nothing: Math.round(found - sum(entering) + gone + sum(getNothing)),
    sampled,
    notEnrolled: notEnrolled.toSorted((a, b) => b.contacts - a.contacts),
    channels: channels.map((channel) => {
      const ofNothing = new Map(
        byReason(getNothing.map((group) => ({ ...group, reason: group[channel] }))).map((one) => [one.reason, one.contacts]),
      );
      return {
        channel,
        refused: byReason(entering.map((group) => ({ ...group, reason: group[channel] }))).map(({ reason, contacts }) => ({
          reason,
          contacts,
          nothing: ofNothing.get(reason) ?? 0,
        })),
      };
    }),
  };
}

/** Of a sample the parts are no whole numbers until they are told. */
const sum = (groups: readonly { contacts: number }[]) => groups.reduce((total, { contacts }) => total + contacts, 0);

/** The most frequent reason first. */
function byReason(counts: readonly { reason: Reason | null; contacts: number }[]): { reason: Reason; contacts: number }[] {
  const groups = Map.groupBy(counts, ({ reason }) => reason);
  return [...groups]
    .flatMap(([reason, of]) => (reason === null ? [] : [{ reason, contacts: Math.round(sum(of)) }]))
    .toSorted((a, b) => b.contacts - a.contacts || (a.reason < b.reason ? -1 : 1));
}
