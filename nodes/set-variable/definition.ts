import { z } from "zod";
import { defineNode } from "#contract/node-definition.ts";
import { isForbiddenName } from "#contract/paths.ts";
import { missingFact, textFact } from "../results/facts.ts";
import { templateText } from "../values/template-text.ts";
import { ShortValue } from "../values/typed-value.ts";
import { quoted } from "../words/quoted.ts";

const name = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,39}$/, "A name has up to 40 letters, digits and underscores, and begins with a letter")
  .refine((name) => !isForbiddenName(name), "This name is reserved");

export const setVariable = defineNode({
  type: "set_variable",
  label: "Set variable",
  description: "Keeps a value for later steps, which read it as variables.name.",
  category: "logic",
  needs: () => [],
  config: z.strictObject({
    name,
    /** Merge fields are filled in. Where the text is empty or one of them has no value, the variable is removed. */
    value: templateText(10_000),
    as: z.enum(["text", "number", "boolean"]).default("text"),
  }),
  defaults: { name: "greeting", value: 'Hello {{ firstname | default: "there" }}' },
  output: z
    .strictObject({
      name: z.string(),
      value: ShortValue,
      variables: z.record(z.string(), z.unknown()),
      /** Merge fields without a value, for which the variable was taken away. */
      missing: z.array(z.string()),
    })
    .partial(),
  personal: ["value", "variables"],
  describeResult: ({ name, value, variables, missing }) => [
    ...(variables === undefined
      ? [...textFact("Name", name), ...textFact("Value", value === undefined ? undefined : quoted(value))]
      : Object.entries(variables).flatMap(([each, set]) => textFact(`vars.${each}`, set === null ? "taken away" : quoted(set)))),
    ...missingFact(missing),
  ],
  names: { templates: ["value"], variables: ["name"] },
  exits: () => [{ handle: "next", label: "Next" }],
});
