import { z } from "zod";
import { channels } from "#contract/messages.ts";
import { defineNode } from "#contract/node-definition.ts";
import { type FieldChange, rehearsedResult } from "#contract/node-result.ts";
import { changedFact } from "../results/changed.ts";
import { rehearsedFact, textFact } from "../results/facts.ts";

const channelWords = { sms: "SMS", email: "e-mail" } as const;
const stoppedWords = "the contact refused it themselves, so only they can allow it again";
const noReasonWords = "this step does not say where the consent was given";

const Wish = z.enum(["opt_in", "opt_out"]).optional();

const Wishes = z.strictObject({ sms_opted_out: z.boolean(), email_opted_out: z.boolean(), dnc: z.boolean() });
type Wishes = z.output<typeof Wishes>;

const differences = (before: Wishes, after: Wishes): FieldChange[] =>
  (Object.keys(before) as (keyof Wishes)[]).flatMap((field) =>
    before[field] === after[field] ? [] : [{ field, before: before[field], after: after[field] }],
  );

export const consent = defineNode({
  type: "consent",
  label: "Consent",
  description: "Records that the contact opts in or out of SMS or e-mail, or must not be contacted at all.",
  category: "contact",
  needs: () => ["contacts:write"],
  config: z
    .strictObject({
      sms: Wish,
      email: Wish,
      /** A flow can only turn this on. It never lifts a mark, because it does not know why the mark was set. */
      doNotContact: z.boolean().default(false),
      /** Where the contact gave the wish or how it is known. The history keeps it. */
      reason: z.string().trim().max(200).default(""),
    })
    .refine(({ sms, email, doNotContact }) => sms !== undefined || email !== undefined || doNotContact, "Nothing to record was chosen"),
  defaults: { sms: "opt_out", email: "opt_out" },
  output: z
    .strictObject({
      before: Wishes,
      after: Wishes,
      reason: z.string(),
      /** Channels that stay closed, and why: nobody said how the consent is known, or the contact refused the channel themselves. */
      refused: z.array(z.enum(channels)),
      because: z.enum(["no_reason", "stopped"]),
      ...rehearsedResult,
    })
    .partial(),
  personal: ["before", "after", "refused", "because"],
  describeResult: ({ before, after, reason, refused, because, rehearsed }) => [
    ...(before && after ? changedFact(differences(before, after)) : []),
    ...textFact("Reason", reason),
    ...textFact(
      "Not opted in",
      refused && `${refused.map((channel) => channelWords[channel]).join(", ")}: ${because === "stopped" ? stoppedWords : noReasonWords}`,
    ),
    ...rehearsedFact(rehearsed),
  ],
  exits: () => [{ handle: "done", label: "Done" }],
});
