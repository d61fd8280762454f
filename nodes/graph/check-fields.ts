import { splitField } from "#contract/field-path.ts";
import type { ProblemFix } from "#contract/flow-problems.ts";
import type { NodeDefinition } from "#contract/node-definition.ts";
import { didYouMean, parseTemplate } from "#contract/template.ts";
import { plainField } from "../values/field-name.ts";
import type { CheckedNode, Report } from "./checked-node.ts";
import { judgeName, type KnownNames } from "./judge-name.ts";
import { textsAt } from "./texts-at.ts";

/** So many different fields are looked at in one flow. A person names some dozens. */
const mostFields = 5_000;

/** For so many wrong names the one is looked for that was meant. Nobody mends as many. */
const mostSearches = 500;

/**
 * Reports names of fields that no contact and no step of this flow can ever fill in. A flow is checked when somebody saves or
 * sends it, and never when an execution reads its version: a field that has lost its meaning since is a missing value there.
 * False: there are so many that nothing more of the flow should be looked at.
 */
export function checkFields(nodes: ReadonlyMap<string, CheckedNode>, report: Report): boolean {
  const known = { ...namesSetBy([...nodes.values()]), searches: { left: mostSearches } };
  const verdicts = new Map<string, ReturnType<typeof judgeName>>();
  for (const { id: nodeId, definition, config } of nodes.values()) {
    if (!definition) continue;
    const { templates = [], fields = [] } = definition.names ?? {};
    const tell = (field: string, source: string, verdict: ReturnType<typeof judgeName>, braces: boolean) => {
      if (!verdict) return;
      const { code, problem, suggestion, otherwise = "" } = verdict;
      const hint = suggestion === undefined ? "" : braces ? didYouMean(suggestion) : ` Did you mean ${suggestion}?`;
      const label = `Use ${suggestion}`;
      const fix: ProblemFix = braces
        ? { kind: "replace_field", label, value: { from: source, to: suggestion ?? "" } }
        : { kind: "set", label, value: suggestion };
      report(code, `${definition.label}: ${field}: ${problem}${hint}${otherwise}`, {
        nodeId,
        field,
        ...(suggestion && { suggestion, fix }),
      });
    };
    for (const { at, text } of textsAt(config, templates)) {
      const told = new Set<string>();
      for (const { path, source } of parseTemplate(text).fields) {
        if (told.has(source)) continue;
        told.add(source);
        if (!verdicts.has(source)) {
          if (verdicts.size === mostFields) {
            report("too_large", `The flow names more than ${mostFields.toLocaleString("en")} different fields.`, { nodeId, field: at });
            return false;
          }
          verdicts.set(source, judgeName(path, source, known, { isText: true }));
        }
        tell(at, source, verdicts.get(source), true);
      }
    }
    for (const { at, text } of textsAt(config, fields)) {
      const path = splitField(plainField(text));
      // A name without a dot was judged by the schema.
      if (path.length > 1) tell(at, text, judgeName(path, text, known, { isText: false }), false);
    }
  }
  return true;
}

/** What the nodes of the flow leave for other nodes to read. */
export function namesSetBy(nodes: readonly CheckedNode[]): KnownNames {
  const variables = new Set<string>();
  const inputs = new Set<string>();
  const steps = new Map<string, ReadonlySet<string> | undefined>();
  for (const { definition, config, key } of nodes) {
    for (const { text } of textsAt(config, definition?.names?.variables ?? [])) variables.add(text);
    for (const { text } of textsAt(config, definition?.names?.inputs ?? [])) inputs.add(text);
    if (key !== undefined) steps.set(key, definition && outputsOf(definition, config));
  }
  return { variables, inputs, steps, stepKeys: new Set(steps.keys()) };
}

/** Of every step the exit by which it was left can be read, and the reason where it was not the usual one. */
const outputsOf = (definition: NodeDefinition, config: unknown): ReadonlySet<string> =>
  new Set([
    "exit",
    "reason",
    ...Object.keys(definition.output.shape),
    ...textsAt(config, definition.names?.outputs ?? []).map(({ text }) => text),
  ]);
