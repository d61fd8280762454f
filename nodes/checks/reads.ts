import { contactNames } from "#contract/contact-fields.ts";
import { splitField } from "#contract/field-path.ts";
import { parseTemplate } from "#contract/template.ts";
import { type Arrival, findArrivals } from "../graph/arrivals.ts";
import type { CheckedGraph, CheckedNode, Report } from "../graph/checked-node.ts";
import { textsAt } from "../graph/texts-at.ts";
import { plainField } from "../values/field-name.ts";

/** A value of the flow that a node reads: of a variable or of an earlier result. */
interface Read {
  /** `variables.code`, `steps.order`: what sets it is known by the same words. */
  what: string;
  field: string;
  source: string;
  isText: boolean;
  hasDefault: boolean;
}

/**
 * Tells where a variable or a result is read before it is set. On no way to the step it is an error where a text cannot do
 * without; on some ways it is a warning.
 */
export function checkReads(graph: CheckedGraph, report: Report, { advises }: { advises: boolean }): void {
  const setBy = new Map([...graph.nodes].map(([id, node]) => [id, setsOf(node)]));
  const known = new Set([...setBy.values()].flat());
  if (known.size === 0) return;
  const arrivals = findArrivals(graph, ({ id }) => ({ adds: setBy.get(id) ?? [] }));
  for (const [nodeId, arrival] of arrivals) {
    for (const read of readsOf(graph.nodes.get(nodeId) as CheckedNode, known)) judge(read, arrival, nodeId, report, advises);
  }
}

function judge(read: Read, { always, sometimes }: Arrival, nodeId: string, report: Report, advises: boolean): void {
  // What nothing sets is told as a name that does not exist.
  if (always.has(read.what)) return;
  const never = !sometimes.has(read.what);
  // A bare name may also be a field of the contact.
  const isError = never && read.isText && !read.hasDefault && read.source.includes(".");
  if (!isError && (!advises || (!never && (read.hasDefault || !read.isText)))) return;
  const what = read.what.startsWith("variables.") ? `The variable “${read.what.slice(10)}”` : `The result “${read.what.slice(6)}”`;
  const message = never
    ? `${what} is read before any step has set it.`
    : `${what} is not set on every way here. Give it a default, or set it on each way.`;
  const label = "Leave it out where it is missing";
  report("read_before_set", message, {
    severity: isError ? "error" : "warning",
    nodeId,
    field: read.field,
    ...(!never && { fix: { kind: "replace_field", label, value: { from: read.source, to: `${read.source} | default: ''` } } }),
  });
}

const setsOf = ({ definition, config, key }: CheckedNode): string[] => [
  ...textsAt(config, definition?.names?.variables ?? []).map(({ text }) => `variables.${text}`),
  ...(key === undefined ? [] : [`steps.${key}`]),
];

function readsOf({ definition, config }: CheckedNode, known: ReadonlySet<string>): Read[] {
  const { templates = [], fields = [] } = definition?.names ?? {};
  const reads = new Map<string, Read>();
  const add = (path: readonly string[], read: Omit<Read, "what">) => {
    const what = whatOf(path);
    if (!known.has(what)) return;
    const key = JSON.stringify([what, read.field, read.hasDefault]);
    if (!reads.has(key)) reads.set(key, { ...read, what });
  };
  for (const { at, text } of textsAt(config, templates)) {
    for (const { path, source, filters } of parseTemplate(text).fields) {
      add(path, { field: at, source, isText: true, hasDefault: filters.some(({ name }) => name === "default") });
    }
  }
  for (const { at, text } of textsAt(config, fields)) {
    add(splitField(plainField(text)), { field: at, source: text, isText: false, hasDefault: false });
  }
  return [...reads.values()];
}

/** A bare name that is no field of contacts may be a variable. */
function whatOf([first = "", second]: readonly string[]): string {
  if ((first === "variables" || first === "steps") && second !== undefined) return `${first}.${second}`;
  return second === undefined && !contactNames.includes(first) ? `variables.${first}` : "";
}
