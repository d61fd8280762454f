import { waitFor } from "@testing-library/react";
import { useEffect, useState } from "react";
import { describe, expect, test, vi } from "vitest";
import { nodeTypeDescriptions } from "#nodes/describe-types.ts";
import { type PanelFacts, type Path, putAt, record } from "#nodes/node-panel.tsx";
import { renderUi } from "#test/render.tsx";
import { noMergeFields } from "#ui/merge-fields/merge-fields.ts";
import { type ConfigSchema, leastValue, memberFor } from "./config-schema.ts";
import { NodeSettings } from "./node-settings.tsx";

const facts: PanelFacts = {
  flows: [{ id: "f", name: "Another flow", canStart: true, hasDraft: false, active: 0, isThis: false }],
  flowsStatus: "ready",
  steps: [{ id: "s", label: "An earlier step" }],
  fields: ["firstname"],
  testFields: [{ path: "firstname", label: "First name", group: "Contact", kind: "text" }],
  mergeFields: noMergeFields,
  templates: [],
  problemAt: () => undefined,
  disabled: false,
};

/** Values of a schema with every key set and one item in every list, as many as it takes to have each member of each union. */
function samples(schema: ConfigSchema): unknown[] {
  if (schema.oneOf) return schema.oneOf.flatMap(samples);
  if (schema.properties) {
    const keys = Object.entries(schema.properties).map(([key, inner]) => [key, samples(inner)] as const);
    const count = Math.max(1, ...keys.map(([, values]) => values.length));
    return Array.from({ length: count }, (_, at) => Object.fromEntries(keys.map(([key, values]) => [key, values[at % values.length]])));
  }
  if (schema.type === "array" && schema.items?.properties) return samples(schema.items).map((item) => [item]);
  if (schema.type === "array" && schema.items?.anyOf) return [schema.items.anyOf.flatMap(samples)];
  if (schema.enum?.includes("is_not")) return ["is", "is_not"];
  return [leastValue(schema)];
}

/** The places of all settings of a value that a person can change. */
function leaves(schema: ConfigSchema, value: unknown, path: Path = [], isNegative = false): string[] {
  if (schema.oneOf) {
    const member = schema.oneOf.find(({ properties }) =>
      Object.entries(properties ?? {}).every(([key, inner]) => inner.const === undefined || inner.const === record(value)[key]),
    );
    return member ? leaves(member, value, path) : [];
  }
  if (schema.const !== undefined || path.at(-1) === "id") return [];
  // It is asked of negative tests alone.
  if (path.at(-1) === "alsoIfEmpty" && !isNegative) return [];
  if (schema.properties)
    return Object.entries(schema.properties).flatMap(([key, inner]) =>
      leaves(inner, record(value)[key], [...path, key], record(value).operator === "is_not"),
    );
  if (Array.isArray(value) && schema.items && memberFor(schema.items, {}).properties) {
    const { items } = schema;
    return value.flatMap((item, at) => leaves(memberFor(items, item), item, [...path, at]));
  }
  return [path.join(".")];
}

describe.each(nodeTypeDescriptions.map(({ type, config }) => [type, config as ConfigSchema] as const))(
  "the panel of %s",
  (type, schema) => {
    test.each(samples(schema).map((value, at) => [at, value] as const))("has a control for every setting (%i)", async (_, value) => {
      const { container } = await renderUi(<NodeSettings {...{ type, schema, value, facts }} edit={() => {}} />);
      await waitFor(() => expect(container.querySelector("[aria-busy]")).toBeNull());
      const without = leaves(schema, value).filter(
        (place) =>
          !container.querySelector(`[data-setting="${place}"]`)?.querySelector("input, textarea, select, button, [contenteditable]"),
      );
      expect(without).toEqual([]);
    });
  },
);

function SmsHost({ seen }: { seen: (value: unknown) => void }) {
  const [value, setValue] = useState<unknown>({ text: "Hi" });
  useEffect(() => seen(value), [value, seen]);
  const schema = nodeTypeDescriptions.find((one) => one.type === "send_sms")?.config as ConfigSchema;
  return <NodeSettings {...{ value, facts, schema }} type="send_sms" edit={(change) => setValue(change)} />;
}

test("what is typed in a hand-made panel, and chosen in a generated control of it, is put at its place", async () => {
  const seen = vi.fn();
  const { user, findByLabelText, getByLabelText } = await renderUi(<SmsHost seen={seen} />);
  await user.type(await findByLabelText("Text"), " {Enter}");
  await user.selectOptions(getByLabelText("If it cannot be done"), "continue");
  expect(seen).toHaveBeenLastCalledWith({ text: "Hi \n", onError: "continue" });
});

test("a value is put at a place, and taken away with undefined", () => {
  expect(putAt(undefined, ["a", 0, "b"], 1)).toEqual({ a: [{ b: 1 }] });
  expect(putAt({ a: [{ b: 1, c: 2 }], d: 3 }, ["a", 0, "b"], undefined)).toEqual({ a: [{ c: 2 }], d: 3 });
  expect(putAt({ a: [1, 2] }, ["a", 0], undefined)).toEqual({ a: [2] });
  expect(Object.keys(putAt({ a: 1, b: 2 }, ["a"], 3) as object)).toEqual(["a", "b"]);
});
