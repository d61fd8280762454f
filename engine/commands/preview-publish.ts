import type { PeopleAtStep, WayChange } from "#contract/flow-publish.ts";
import { peopleActions } from "#contract/flow-publish.ts";
import type { EngineContext } from "../engine-context.ts";
import { hashContent } from "../flow/freeze-version.ts";
import { notBegun } from "../flow/judge-places.ts";
import { findVersion } from "../flow/version-rows.ts";
import type { PeopleInside, PreviewPublishInput } from "../flow-api.ts";
import { readRests } from "./people-inside-rows.ts";
import type { Place } from "./plan-moves.ts";
import { listPlaces } from "./plan-moves.ts";
import { checkDraft } from "./publish-flow.ts";
import { readDraft, readNextNumber } from "./publish-flow-rows.ts";

/** Finds who is in the flow, and what publishing its draft would mean for them. Nothing is written or locked. */
export async function previewPublish(context: EngineContext, input: PreviewPublishInput): Promise<PeopleInside> {
  const { db } = context;
  const draft = await readDraft(db, input, { isLocked: false });
  checkDraft(draft, input);
  const { nodes, edges, settings } = draft;
  // Equal content is the same version, so what is restored has its old number.
  const known = await findVersion(db, input.flowId, hashContent({ nodes, edges, settings: settings ?? {} }));
  const places = await listPlaces(context, db, { of: input, graph: { nodes, edges }, newVersionId: known?.id });
  const peopled = places.filter(({ people }) => people > 0);
  const [same, concerned] = [peopled.filter(isSame), peopled.filter((place) => !isSame(place))];
  const rests = await readRests(db, [...new Set(concerned.map(({ versionId }) => versionId))]);
  const restsAt = Map.groupBy(rests, ({ version_id, node_id }) => `${version_id} ${node_id}`);
  return {
    people: [...Map.groupBy(concerned, ({ nodeId }) => nodeId).values()].map((group) =>
      toPeopleAtStep(
        group,
        group.flatMap(({ versionId, nodeId }) => restsAt.get(`${versionId} ${nodeId}`) ?? []),
      ),
    ),
    unaffected: { people: sum(same.map(({ people }) => people)), steps: new Set(same.map(({ nodeId }) => nodeId)).size },
    number: known?.number ?? (await readNextNumber(db, input)),
  };
}

const isSame = ({ judgement: { fate } }: Place) => fate === "same";
const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

/** The people at one step, on whatever versions they are. */
function toPeopleAtStep(group: readonly Place[], rests: readonly { since: Date | null; until: Date }[]): PeopleAtStep {
  const last = group.at(-1) as Place;
  const isRemoved = group.some(({ judgement: { fate } }) => fate === "gone");
  const proposals = new Set(group.map(({ judgement: { proposed } }) => proposed));
  const since = rests.flatMap((rest) => rest.since?.getTime() ?? []);
  const isBeginning = last.nodeId === notBegun;
  return {
    nodeId: isBeginning ? null : last.nodeId,
    label: isBeginning ? null : last.label,
    nodeType: last.nodeType,
    count: sum(group.map(({ people }) => people)),
    inFlight: sum(group.map(({ inFlight }) => inFlight)),
    since: since.length === 0 ? null : new Date(Math.min(...since)).toISOString(),
    until: rests.length === 0 ? null : new Date(Math.max(...rests.map(({ until }) => until.getTime()))).toISOString(),
    versions: group.map(({ versionNumber }) => versionNumber),
    isRemoved,
    affectedBy: distinct(group.flatMap(({ judgement: { changes } }) => changes)),
    proposed: isRemoved || proposals.has(null) ? null : proposals.has("stay") ? "stay" : "follow",
    choices: peopleActions.filter((action) => (action !== "follow" || !isRemoved) && (action !== "node" || !isBeginning)),
    healedTo: last.judgement.healedTo,
  };
}

const distinct = (changes: readonly WayChange[]): WayChange[] => [
  ...new Map(changes.map(({ kind, nodeId }) => [`${kind} ${nodeId}`, { kind, nodeId }])).values(),
];
