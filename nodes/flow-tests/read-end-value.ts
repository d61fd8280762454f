import { readCustomField } from "#contract/custom-fields.ts";
import type { Expectation } from "#contract/flow-tests.ts";
import type { Simulation } from "#contract/simulations.ts";

/** The value at the end, as the text that a test names. Null where there is none. */
export function readEndValue(
  { variables, contact }: Pick<Simulation, "variables" | "contact">,
  { of, name }: Pick<Extract<Expectation, { kind: "value" }>, "of" | "name">,
): string | null {
  const own = (record: Record<string, unknown>) => (Object.hasOwn(record, name) ? record[name] : undefined);
  const value = of === "variable" ? own(variables) : of === "field" ? own(contact) : readCustomField(contact.metadata, [name]);
  if (value === null || value === undefined || value === "") return null;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
