import { z } from "zod";
import { testGroupShape } from "#contract/field-tests.ts";
import { FlowInputs } from "#contract/flow-inputs.ts";
import { defineNode } from "#contract/node-definition.ts";
import { FlowHours } from "#contract/sending-rules.ts";
import { testPlaces } from "../condition/definition.ts";
import { textFact } from "../results/facts.ts";
import { FieldName, isKnownByRun } from "../values/field-name.ts";

/** Whether a contact that has been in this flow may enter it again. */
export const ReEntry = z.discriminatedUnion("rule", [
  z.strictObject({ rule: z.literal("any_time") }),
  z.strictObject({ rule: z.literal("when_finished") }),
  z.strictObject({ rule: z.literal("once") }),
  z.strictObject({ rule: z.literal("after_days"), days: z.number().int().min(1).max(3650) }),
]);

/** No wait of a flow is longer than this, and neither is a stay that is limited. */
export const longestWaitDays = 366;

const FieldOfContact = FieldName.refine((field) => !isKnownByRun(field), "Choose a field of the contact");
const AboutContact = z.strictObject(testGroupShape(FieldOfContact));

const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
/** "due_date" is told as "Due date": the history does not know what the flow calls it. */
const inputName = (name: string): string => (name.charAt(0).toUpperCase() + name.slice(1)).replaceAll("_", " ");
const valueWords = (value: unknown): string => (value === true ? "Yes" : value === false ? "No" : String(value));

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
    /** The flow ends for a contact who has been in it for so many days, wherever they are in it. */
    longestStayDays: z.number().int().min(1).max(longestWaitDays).optional(),
    /** Its text messages leave in these hours only, where the contact lives, and within the hours of the workspace. */
    sendingHours: FlowHours.optional(),
    /** What whoever sends the flow is asked for. */
    inputs: FlowInputs.optional(),
  }),
  defaults: { reEntry: { rule: "any_time" } },
  reEntry: (config) => config.reEntry,
  entersIf: (config) => config.enterIf,
  leavesIf: (config) => config.leaveIf,
  stopsOnReply: (config) => config.stopOnReply,
  longestStayDays: (config) => config.longestStayDays,
  sendingHours: (config) => config.sendingHours,
  inputs: (config) => config.inputs ?? [],
  names: {
    fields: [...entering.fields, ...leaving.fields],
    values: [...entering.values, ...leaving.values],
    inputs: ["inputs.*.name"],
  },
  output: z
    .strictObject({
      /** What was given, under `input`, as later steps read it. */
      variables: z.record(z.string(), z.unknown()),
      /** The values for which what was given or what stood in the field did not do, so that their stand-in holds. */
      standIns: z.array(z.string()),
      /** The values that nothing was given for. */
      without: z.array(z.string()),
    })
    .partial(),
  personal: ["variables"],
  describeResult: ({ variables, standIns, without }) => [
    ...Object.entries(record(variables?.input)).flatMap(([name, value]) => textFact(inputName(name), valueWords(value))),
    ...textFact("Not in the contact, so what stands in was taken", standIns?.map(inputName).join(", ")),
    ...textFact("Nothing was given for", without?.map(inputName).join(", ")),
  ],
  exits: () => [{ handle: "next", label: "Next" }],
});
