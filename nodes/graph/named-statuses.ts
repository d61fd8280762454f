import { fieldOf } from "#contract/contact-fields.ts";
import type { NodeDefinition } from "#contract/node-definition.ts";
import { findDefinition } from "../definitions.ts";
import { plainField } from "../values/field-name.ts";
import { isRecord } from "./checked-node.ts";
import { valuesAt } from "./texts-at.ts";

export interface NamedStatus {
  /** The place in the configuration: `branches.0.tests.1.value`. */
  at: string;
  /** The place of this one name, where the value is a list of names: `branches.0.tests.1.value.2`. */
  item: string;
  name: string;
}

/** Where a whole name is compared or set. Parts of names are looked for by the other operators. */
const byWholeName: ReadonlySet<unknown> = new Set(["is", "is_not", "in", "not_in", "set"]);

/** The lead statuses that a configuration tests or sets by their names. A name with a merge field is known only when it runs. */
export function statusesIn(definition: NodeDefinition, config: unknown): NamedStatus[] {
  return valuesAt(config, definition.names?.values ?? []).flatMap(({ at, value: place }) => {
    if (!isRecord(place) || typeof place.field !== "string" || fieldOf(plainField(place.field)) !== "lead_status") return [];
    const operator = place.operator ?? place.operation;
    const names: unknown[] = Array.isArray(place.value) ? place.value : [place.value];
    if (!byWholeName.has(operator)) return [];
    return names.flatMap((name, index) =>
      typeof name === "string" && name.trim() !== "" && !/[{][{%]/.test(name)
        ? [{ at: `${at}.value`, item: Array.isArray(place.value) ? `${at}.value.${index}` : `${at}.value`, name }]
        : [],
    );
  });
}

/** The lead statuses that the nodes of a stored graph name. */
export const namedStatuses = (nodes: unknown): string[] =>
  (Array.isArray(nodes) ? nodes : []).flatMap((node: unknown) => {
    const definition = isRecord(node) && typeof node.type === "string" ? findDefinition(node.type) : undefined;
    if (!definition || !isRecord(node)) return [];
    return statusesIn(definition, isRecord(node.data) ? node.data.config : undefined).map(({ name }) => name);
  });
