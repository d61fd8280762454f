import { isNothing } from "#contract/flow-inputs.ts";
import { parseTemplate } from "#contract/template.ts";
import { type CheckedNode, isRecord, type Report } from "../graph/checked-node.ts";
import { textsAt, valuesAt } from "../graph/texts-at.ts";

/** The name under which an execution keeps what the flow asks for. */
const held = "input";

/**
 * Tells where a step would overwrite what the flow asks for, and, `advises`, where a text cannot do without a value that whoever sends
 * may leave out.
 */
export function checkInputs(nodes: ReadonlyMap<string, CheckedNode>, report: Report, { advises }: { advises: boolean }): void {
  const asked = [...nodes.values()].flatMap(({ definition, config }) =>
    definition?.names?.inputs ? valuesAt(config, ["inputs.*"]).flatMap(({ value }) => (isRecord(value) ? [value] : [])) : [],
  );
  if (asked.length === 0) return;
  const mayLack = new Set(asked.filter((input) => input.required !== true && isNothing(input.default)).map(({ name }) => name));
  for (const { id: nodeId, definition, config } of nodes.values()) {
    for (const { at, text } of textsAt(config, definition?.names?.variables ?? [])) {
      if (text !== held) continue;
      const message = `The values that the flow asks for are kept as “${held}”. Give this variable another name, or later steps cannot read them.`;
      report("bad_config", message, { nodeId, field: at });
    }
    if (!advises || mayLack.size === 0) continue;
    for (const { at, text } of textsAt(config, definition?.names?.templates ?? [])) {
      const told = new Set<string>();
      for (const { path, source, filters } of parseTemplate(text).fields) {
        const [first, name = ""] = path;
        if (first !== held || !mayLack.has(name) || told.has(source) || filters.some((filter) => filter.name === "default")) continue;
        told.add(source);
        report("read_before_set", `“${name}” may be left empty by whoever sends the flow. Give it a default, or make it needed.`, {
          severity: "warning",
          nodeId,
          field: at,
          fix: {
            kind: "replace_field",
            label: "Leave it out where it is missing",
            value: { from: source, to: `${source} | default: ''` },
          },
        });
      }
    }
  }
}
