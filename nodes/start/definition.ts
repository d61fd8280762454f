import { z } from "zod";
import { testGroupShape } from "#contract/field-tests.ts";
import { defineNode } from "#contract/node-definition.ts";
import { testPlaces } from "../condition/definition.ts";
import { FieldName, isKnownByRun } from "../values/field-name.ts";

/** Whether a contact that has been in this flow may enter it again. */
export const ReEntry = z.discriminatedUnion("rule", [
  z.strictObject({ rule: z.literal("any_time") }),
  z.strictObject({ rule: z.literal("when_finished") }),
  z.strictObject({ rule: z.literal("once") }),
  z.strictObject({ rule: z.literal("after_days"), days: z.number().int().min(1).max(3650) }),
]);

const FieldOfContact = FieldName.refine((field) => !isKnownByRun(field), "Choose a field of the contact");
const AboutContact = z.strictObject(testGroupShape(FieldOfContact));

const [entering, leaving] = [testPlaces("enterIf."), testPlaces("leaveIf.")];

export const start = defineNode({
  type: "start",
  label: "Start",
  description: "Where a contact enters the flow, who may enter, and what ends the flow early.",
  category: "entry",
  needs: () => [],
  config: z.strictObject({
    reEntry: ReEntry.default({ rule: "any_time" }),
    /** Only contacts who pass these tests are let in. */
    enterIf: AboutContact.optional(),
    /** The flow ends for a contact as soon as they pass these tests, wherever they are in it. */
    leaveIf: AboutContact.optional(),
    /** A reply ends the flow for its contact, unless the flow waits for one at that moment. */
    stopOnReply: z.boolean().default(false),
  }),
  defaults: { reEntry: { rule: "any_time" } },
  reEntry: (config) => config.reEntry,
  entersIf: (config) => config.enterIf,
  leavesIf: (config) => config.leaveIf,
  stopsOnReply: (config) => config.stopOnReply,
  names: { fields: [...entering.fields, ...leaving.fields], values: [...entering.values, ...leaving.values] },
  output: z.strictObject({}),
  personal: [],
  describeResult: () => [],
  exits: () => [{ handle: "next", label: "Next" }],
});
