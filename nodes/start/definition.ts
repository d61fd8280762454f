import { z } from "zod";
import { testGroupShape } from "#contract/field-tests.ts";
import { defineNode } from "#contract/node-definition.ts";
import { FlowHours } from "#contract/sending-rules.ts";
import { testPlaces } from "../condition/definition.ts";
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
  }),
  defaults: { reEntry: { rule: "any_time" } },
  reEntry: (config) => config.reEntry,
  entersIf: (config) => config.enterIf,
  leavesIf: (config) => config.leaveIf,
  stopsOnReply: (config) => config.stopOnReply,
  longestStayDays: (config) => config.longestStayDays,
  sendingHours: (config) => config.sendingHours,
  names: { fields: [...entering.fields, ...leaving.fields], values: [...entering.values, ...leaving.values] },
  output: z.strictObject({}),
  personal: [],
  describeResult: () => [],
  exits: () => [{ handle: "next", label: "Next" }],
});
