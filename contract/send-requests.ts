import { z } from "zod";
import { CanaryRequest } from "./canary.ts";
import { Selection } from "./contacts.ts";
import { LocalTime } from "./date-bounds.ts";
import { FreeData } from "./free-data.ts";
import { launchShape } from "./launch-values.ts";
import { Uuid } from "./pagination.ts";
import { Drip, SendStart } from "./sends.ts";
import { Exclusions, narrowingShape, SendCondition } from "./who-not.ts";

// What is asked of sends stands apart from what is told of them: who only reads about sends needs no tests of contacts.

const everySend = z.strictObject({
  sendId: Uuid.optional(),
  flowId: Uuid,
  selection: Selection,
  /** Messages can read these values as {{trigger.name}}. Those of a name that the flow asks for fill {{input.name}}. */
  triggerData: FreeData.optional(),
  ...launchShape,
  /** Messages of a test are kept in the inbox, whatever provider is set up. */
  isTest: z.boolean().default(false),
  /** A test goes on at once where it would wait, as if the time were over. Its history names the moment until which it would have waited. */
  skipWaits: z.boolean().default(false),
  /** How many contacts the person was shown. The answer tells if the number has changed since. */
  expectedTotal: z.number().int().min(0).optional(),
  /** Where Send was pressed, for the history: "Contacts page". */
  launchedFrom: z.string().trim().max(100).optional(),
  /** Executions do not begin before this time. If it is left out or in the past, they begin now. */
  start: SendStart.optional(),
  /** If it is left out, all contacts begin at once. */
  drip: Drip.optional(),
  /** On the workspace's clock. A message that has not left by then is skipped, with the reason `too_late`. */
  notLaterThan: LocalTime.optional(),
  /** Whom the send leaves out of those who were chosen. Each of them is told with the reason. */
  exclude: Exclusions.optional(),
  /** Only who passes these tests of the contact's own fields gets the send. */
  condition: SendCondition.optional(),
  /**
   * If several contacts share a phone number or an e-mail address, only one of them gets the messages to it. The others are
   * skipped with the reason `duplicate_address`. `false` sends to each of them.
   */
  oncePerAddress: z.boolean().default(true),
  /**
   * For how many seconds nothing leaves and the send can be undone. If it is left out, a person gets the workspace's
   * setting and a program gets none.
   */
  undoSeconds: z.number().int().min(0).max(60).optional(),
  /**
   * The forecast that was looked at before. The send keeps it if it is done and was made of the same flow, contacts and settings;
   * otherwise the send is made without it.
   */
  forecastId: Uuid.optional(),
  /** The saved launch that it is made from, which tells this send as its last result. */
  savedLaunchId: Uuid.optional(),
  /**
   * Begins with a few of the contacts. The rest follow by themselves if these went well, and are held otherwise. `{}` takes what the
   * workspace has set. Where it is left out, all begin at once, and so do those of a test.
   */
  canary: CanaryRequest.optional(),
});
/** Each contact's own clock tells when it begins, so there are no batches then. */
const startsOneWay = ({ start, drip }: { start?: SendStart | undefined; drip?: Drip | undefined }) =>
  start?.zone !== "contact" || drip === undefined;
const bothWays = {
  path: ["drip"],
  message: "Batches use the workspace's time zone, so they cannot be combined with a start in each contact's own time zone",
};

/**
 * One press of Send. The client makes the `sendId`. The same id again is the same send, so a double click, a repeated
 * request or a second tab never sends twice.
 */
export const CreateSend = everySend
  .refine(startsOneWay, bothWays)
  .refine(({ isTest, skipWaits }) => isTest || !skipWaits, { path: ["skipWaits"], message: "Only a test can skip its waits" });
export type CreateSend = z.infer<typeof CreateSend>;

/** What a saved launch does not keep of a send. All else is kept, also what is added to sends later. */
export const notKept = {
  // These are of one press.
  sendId: true,
  expectedTotal: true,
  launchedFrom: true,
  forecastId: true,
  savedLaunchId: true,
  seenInputs: true,
  // A test is for one contact, and is made beside the send.
  isTest: true,
  skipWaits: true,
  // Who matches is another one each time, so nobody has values of their own.
  contactValues: true,
  // The dialog gives `values`, and takes the time to undo from the settings of the workspace.
  triggerData: true,
  undoSeconds: true,
} as const;
export const keptFields = everySend.omit(notKept);

/** A send that is only looked at: `sendId` is the id that it will have, so that what is drawn by chance is drawn the same. */
const forecastFields = everySend.omit({
  isTest: true,
  skipWaits: true,
  expectedTotal: true,
  launchedFrom: true,
  forecastId: true,
  savedLaunchId: true,
  canary: true,
});
export const ForecastQuestion = forecastFields.refine(startsOneWay, bothWays);
export type ForecastQuestion = z.infer<typeof ForecastQuestion>;

/** What one contact would get. Who has the same address is not looked at, and neither are batches. */
export const ContactForecastQuestion = forecastFields.omit({ selection: true, drip: true, oncePerAddress: true }).extend({
  contactId: Uuid,
  /** The way of a test: nobody asks whether the contact may enter the flow, and no hour, limit or pace holds its messages back. */
  asTest: z.boolean().default(false),
});

/** A message of a flow that somebody tries: what the contact would get at this visit of a step. Its texts are made anew. */
export const FlowToMeQuestion = z.strictObject({
  ...forecastFields.omit({
    selection: true,
    drip: true,
    oncePerAddress: true,
    start: true,
    exclude: true,
    condition: true,
    undoSeconds: true,
  }).shape,
  contactId: Uuid,
  nodeId: z.string().min(1).max(200),
  visit: z.int().min(0),
});
export type FlowToMeQuestion = z.infer<typeof FlowToMeQuestion>;

/** What is asked before a send: the parts of it that decide who can receive something. */
export const SendPreviewQuestion = z.strictObject({
  flowId: Uuid,
  selection: Selection,
  oncePerAddress: z.boolean().default(true),
  ...narrowingShape,
});
export type SendPreviewQuestion = z.infer<typeof SendPreviewQuestion>;
