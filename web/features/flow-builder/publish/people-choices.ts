import type { PeopleAtStep, PeopleMove, PublishPreview } from "#contract/flow-publish.ts";
import { plural } from "#ui/format.ts";

/** What a person has chosen, by the place of the people. */
export type Choices = Readonly<Record<string, PeopleMove>>;

/** The key of the people at a step; those who have not begun have one of their own. */
export const placeOf = ({ nodeId }: Pick<PeopleAtStep, "nodeId">): string => nodeId ?? "";

/** What becomes of the people of a step: what was chosen, else what is proposed. Undefined where somebody must choose. */
export function chosenFor(at: PeopleAtStep, choices: Choices): PeopleMove | undefined {
  // A step may have any id, also that of something every object has.
  const chosen = Object.hasOwn(choices, placeOf(at)) ? choices[placeOf(at)] : undefined;
  if (chosen) return chosen;
  return at.proposed === null ? undefined : { nodeId: at.nodeId, action: at.proposed };
}

export const isUndecided = (at: PeopleAtStep, choices: Choices): boolean => chosenFor(at, choices) === undefined;

/** Gives all an action to whom it is open. What was chosen for the others stays. */
export const chosenForAll = (people: readonly PeopleAtStep[], action: "stay" | "follow", before: Choices): Choices => ({
  ...before,
  ...Object.fromEntries(
    people.filter((at) => at.choices.includes(action)).map((at) => [placeOf(at), { nodeId: at.nodeId, action } satisfies PeopleMove]),
  ),
});

/** How many are inside, whether or not something changes for them. */
export function insideWords({ people, unaffected }: PublishPreview): string {
  const count = people.reduce((sum, at) => sum + at.count, unaffected.people);
  return count === 0 ? "Nobody is inside." : `${plural(count, "contact is", "contacts are")} inside.`;
}

/** The choice that a field names: an action, or `node` with the id of a step. */
export function toMove({ nodeId }: PeopleAtStep, value: string): PeopleMove {
  if (value.startsWith("node ")) return { nodeId, action: "node", toNodeId: value.slice("node ".length) };
  return { nodeId, action: value as "stay" | "follow" | "leave" };
}

/** The moves that publishing is asked for, one for each step where the way ahead differs. */
export const movesOf = ({ people }: PublishPreview, choices: Choices): PeopleMove[] => people.flatMap((at) => chosenFor(at, choices) ?? []);

/** What the button says: `Publish version 8 · 412 follow, 37 finish as begun, 3 leave`. */
export function publishWords(preview: PublishPreview | undefined, choices: Choices, isAllTheSame = false): string {
  const press = isAllTheSame ? "Publish anyway" : "Publish";
  if (preview === undefined) return press;
  const sums = { follow: preview.unaffected.people, stay: 0, leave: 0 };
  for (const at of preview.people) {
    const action = chosenFor(at, choices)?.action;
    if (action !== undefined) sums[action === "node" ? "follow" : action] += at.count;
  }
  const parts = [
    sums.follow > 0 && plural(sums.follow, "follows", "follow"),
    sums.stay > 0 && plural(sums.stay, "finishes as begun", "finish as begun"),
    sums.leave > 0 && plural(sums.leave, "leaves", "leave"),
  ].filter((part) => part !== false);
  return parts.length === 0 ? press : `Publish version ${preview.number}${isAllTheSame ? " anyway" : ""} · ${parts.join(", ")}`;
}
