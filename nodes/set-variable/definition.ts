import { z } from "zod";
import { defineNode } from "#contract/node-definition.ts";
import { isForbiddenName } from "#contract/paths.ts";
import { templateText } from "../values/template-text.ts";

const name = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,39}$/, "A name has up to 40 letters, digits and underscores, and begins with a letter")
  .refine((name) => !isForbiddenName(name), "This name is reserved");

export const setVariable = defineNode({
  type: "set_variable",
  label: "Set variable",
  description: "Keeps a value for later steps, which read it as variables.name.",
  category: "logic",
  config: z.strictObject({
    name,
    /** Merge fields are filled in. Empty, or without a value for one of them: the variable is taken away. */
    value: templateText(10_000),
    as: z.enum(["text", "number", "boolean"]).default("text"),
  }),
  defaults: { name: "greeting", value: 'Hello {{ firstname | default: "there" }}' },
  exits: () => [{ handle: "next", label: "Next" }],
});
