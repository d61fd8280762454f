import { staysHere } from "#channels/stays-here.ts";
import type { FieldCatalogue } from "#contract/fields.ts";
import type { FlowProblem } from "#contract/flows.ts";
import type { Tx } from "#db/client.ts";
import { fieldCatalogue } from "#db/queries/field-catalogue.ts";
import { toGraph, toSettings } from "#db/queries/flow-rows.ts";
import { listLeadStatuses } from "#db/queries/lead-statuses.ts";
import { findDefinition } from "#nodes/definitions.ts";
import { checkSettings } from "#nodes/graph/check-settings.ts";
import type { Principal } from "../http/handler.ts";
import { holdsScope } from "../http/principal.ts";
import { checkEntry } from "./entry-problems.ts";
import { checkFlowChains } from "./flow-chains.ts";
import { judgeGraph } from "./judge-graph.ts";
import { checkMarkup } from "./markup-problems.ts";
import { findMissingNames } from "./missing-names.ts";
import { readProviderStates } from "./provider-states.ts";

interface Edited {
  workspaceId: string;
  flowId: string;
  nodes: unknown;
  edges: unknown;
  settings: unknown;
}

/** Everything that a flow is to be told while it is edited and before it is published, also what only the database knows. */
export async function findProblems(db: Tx, edited: Edited, principal: Principal): Promise<FlowProblem[]> {
  const { workspaceId, flowId, nodes, edges, settings } = edited;
  const catalogue = mayCount(principal) ? await recentCatalogue(db, workspaceId) : undefined;
  const leadStatuses = await listLeadStatuses(db, { workspaceId });
  const own = judgeGraph(workspaceId, { nodes, edges }, flowId, { leadStatuses, advises: true, catalogue });
  if (own.some(({ code }) => code === "too_large" || code === "malformed")) return own;
  const graph = toGraph({ nodes, edges });
  return [
    ...own,
    ...(await findMissingNames(db, { workspaceId, nodes: graph.nodes })),
    ...(await checkFlowChains(db, edited)),
    ...(await checkProviders(db, workspaceId, graph.nodes)),
    ...checkMarkup(graph.nodes),
    ...checkEntry(graph.nodes),
    ...checkSettings(toSettings(settings)),
  ];
}

/** How many contacts have a field is for those to know who may read contacts. */
const mayCount = (principal: Principal) => principal.kind !== "key" || holdsScope(principal.scopes, "contacts:read");

/** An editor saves every few seconds, and the contacts of a workspace do not change that fast as a whole. */
const keptMs = 30_000;
const mostKept = 200;
const kept = new Map<string, { at: number; catalogue: FieldCatalogue }>();

async function recentCatalogue(db: Tx, workspaceId: string): Promise<FieldCatalogue> {
  const now = performance.now();
  const known = kept.get(workspaceId);
  if (known && now - known.at < keptMs) return known.catalogue;
  const catalogue = await fieldCatalogue(db, { workspaceId });
  kept.delete(workspaceId);
  kept.set(workspaceId, { at: now, catalogue });
  for (const oldest of kept.keys()) {
    if (kept.size <= mostKept) break;
    kept.delete(oldest);
  }
  return catalogue;
}

const channelWords = { sms: "SMS", email: "E-mails" } as const;

/** Told once for each channel, at the first step that sends on it. */
async function checkProviders(db: Tx, workspaceId: string, nodes: readonly { id: string; type: string }[]): Promise<FlowProblem[]> {
  const first = new Map<string, string>();
  for (const { id, type } of nodes) {
    const channel = findDefinition(type)?.channel;
    if (channel !== undefined && !first.has(channel)) first.set(channel, id);
  }
  if (first.size === 0) return [];
  const states = await readProviderStates(db, workspaceId);
  return states.flatMap(({ channel, provider }): FlowProblem[] => {
    const nodeId = first.get(channel);
    if (nodeId === undefined || !staysHere(provider)) return [];
    return [
      {
        severity: "hint",
        code: "no_provider",
        message: `${channelWords[channel]} are in test mode in this workspace: they reach nobody.`,
        nodeId,
        fix: { kind: "open", label: "Open the channels", value: "/settings/channels" },
      },
    ];
  });
}
