import { createHash } from "node:crypto";
import { type FlowInput, isNothing, sampleOf } from "#contract/flow-inputs.ts";
import { changedInputs, type FrozenLaunch, type Given, judgeLaunch } from "#contract/judge-launch.ts";
import type { Launch } from "#contract/launch-values.ts";
import { canonicalJson } from "../base/canonical-json.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { ReadyFlow } from "./flow-graph.ts";

/** What a flow asks for when it is sent. */
export function inputsOf(flow: ReadyFlow | undefined): readonly FlowInput[] {
  if (!flow || flow.problem !== undefined) return [];
  const entry = flow.nodes.get(flow.entry);
  return entry?.definition.inputs?.(entry.config) ?? [];
}

/**
 * The values of a send as it keeps them. `standIns`: nobody is written to, so that what is needed and was not given has a sample.
 *
 * @throws EngineRefusal inputs_changed, values_invalid with everything that is wrong
 */
export function freezeLaunch(flow: ReadyFlow | undefined, given: Given, { standIns = false }: { standIns?: boolean } = {}): FrozenLaunch {
  const inputs = inputsOf(flow);
  const changes = given.seenInputs === undefined ? [] : changedInputs(given.seenInputs, inputs);
  if (changes.length > 0) {
    throw new EngineRefusal(
      "inputs_changed",
      "The flow asks for other values than when you opened it, so nothing was sent. Look at the values and send it again.",
      changes,
    );
  }
  const { frozen, problems } = judgeLaunch(inputs, given);
  const grave = standIns ? problems.filter(({ code }) => code !== "value_needed") : problems;
  if (grave.length > 0) {
    const count = grave.length === 1 ? "One value" : `${grave.length} values`;
    throw new EngineRefusal(
      "values_invalid",
      `${count} of this send cannot be taken, so nothing was sent: ${grave[0]?.message}${grave.length > 1 ? ", and others" : ""}.`,
      grave,
    );
  }
  return standIns ? { ...frozen, all: { ...samplesFor(inputs, frozen), ...frozen.all } } : frozen;
}

const samplesFor = (inputs: readonly FlowInput[], { all }: FrozenLaunch): FrozenLaunch["all"] =>
  Object.fromEntries(
    inputs
      .filter((input) => input.required && isNothing(input.default) && all[input.name] === undefined)
      .map((input) => [input.name, sampleOf(input)]),
  );

/** What an execution begins with: the values of its contact, among its variables. */
export const ownVariables = (own: Record<string, unknown> | undefined): { input: Record<string, unknown> } | null =>
  own && Object.keys(own).length > 0 ? { input: own } : null;

/** Identifies what was given, so that the same id of a send with other values is another send. Undefined where nothing was. */
export function launchHash({ values = {}, contactValues = [] }: Pick<Launch, "values" | "contactValues">): string | undefined {
  const all = Object.fromEntries(Object.entries(values).filter(([, value]) => !isNothing(value)));
  // The order of the rows does not matter.
  const rows = contactValues
    .map(({ contactId, values: own }) => ({ contactId: contactId.toLowerCase(), own }))
    .sort((a, b) => (a.contactId < b.contactId ? -1 : 1));
  if (Object.keys(all).length === 0 && rows.length === 0) return undefined;
  return createHash("sha256")
    .update(canonicalJson({ all, rows }) ?? "")
    .digest("hex");
}
