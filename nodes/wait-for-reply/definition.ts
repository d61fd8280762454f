import { z } from "zod";
import { ChannelName } from "#contract/messages.ts";
import { defineNode } from "#contract/node-definition.ts";
import { answeredResult } from "#contract/node-result.ts";
import { textFact } from "../results/facts.ts";
import { limitSeconds } from "../time/watch-fields.ts";

/** The exits beside those of the cases. */
export const otherReply = "other";
export const noReply = "no_reply";

const named = {
  id: z
    .string()
    .min(1)
    .max(100)
    .refine((id) => id !== otherReply && id !== noReply, `"${otherReply}" and "${noReply}" are exits of their own and cannot name a case`),
  label: z.string().max(200).default(""),
};
const bound = z.number().min(-1e12).max(1e12);

/** What a reply must be to leave by the exit of a case. */
export const ReplyCase = z.discriminatedUnion("is", [
  z.strictObject({ ...named, is: z.literal("yes") }),
  z.strictObject({ ...named, is: z.literal("no") }),
  /** It holds one of these words or phrases. */
  z.strictObject({
    ...named,
    is: z.literal("words"),
    words: z.array(z.string().trim().min(1).max(100)).min(1, "Type at least one word").max(50),
  }),
  /** It holds one number, and that lies between these two. */
  z.strictObject({ ...named, is: z.literal("number"), from: bound.optional(), to: bound.optional() }),
  /** The whole of it looks like this: `*` stands for any text, `?` for one character, `#` for a digit. */
  z.strictObject({ ...named, is: z.literal("pattern"), pattern: z.string().trim().min(1).max(200) }),
  z.strictObject({ ...named, is: z.literal("any") }),
]);
export type ReplyCase = z.output<typeof ReplyCase>;

export const replyCaseLimits = { most: 20 } as const;

export const waitForReply = defineNode({
  type: "wait_for_reply",
  label: "Wait for reply",
  description: "Waits until the contact answers, and goes on by what they wrote, or when the time is over.",
  category: "timing",
  needs: () => [],
  // What a contact writes counts as a change of the contact; see engine/inbound.
  watchesContact: () => true,
  awaitsReply: ({ channel }) => channel,
  config: z.strictObject({
    channel: z.union([z.literal("any"), ChannelName]).default("any"),
    limitSeconds,
    cases: z
      .array(ReplyCase)
      .max(replyCaseLimits.most)
      .default([])
      .superRefine((cases, context) => {
        if (new Set(cases.map(({ id }) => id)).size < cases.length)
          context.addIssue({ code: "custom", message: "Two cases have the same id" });
        for (const [index, one] of cases.entries()) {
          if (one.is !== "number") continue;
          const path = [index, "from"];
          if (one.from === undefined && one.to === undefined)
            context.addIssue({ code: "custom", path, message: "Give a number from or to" });
          else if (one.from !== undefined && one.to !== undefined && one.from > one.to)
            context.addIssue({ code: "custom", path, message: "The first number is larger than the second" });
        }
      }),
  }),
  defaults: {
    channel: "any",
    limitSeconds: 2 * 86_400,
    cases: [
      { id: "yes", label: "Yes", is: "yes" },
      { id: "no", label: "No", is: "no" },
    ],
  },
  output: z
    .strictObject({
      ...answeredResult,
      /** What the contact wrote. */
      text: z.string(),
      /** The number in it, where a case asked for one. */
      number: z.number(),
      case: z.string(),
      label: z.string(),
      waitedSeconds: z.number().int(),
    })
    .partial(),
  personal: ["text", "number"],
  describeResult: ({ text, number, waitedSeconds }) => [
    ...(text === undefined ? [] : [{ kind: "quote", label: "Reply", value: text } as const]),
    ...textFact("Number in it", number),
    ...(waitedSeconds === undefined ? [] : [{ kind: "duration", label: "Waited", value: waitedSeconds * 1000 } as const]),
  ],
  exits: ({ cases }) => [
    ...cases.map((one) => ({ handle: one.id, label: one.label || caseWords(one) || "A reply" })),
    ...(cases.some(({ is }) => is === "any") ? [] : [{ handle: otherReply, label: cases.length === 0 ? "Replied" : "Other reply" }]),
    { handle: noReply, label: "No reply in time" },
  ],
});

/** A case in words, where its author gave it no name. */
export function caseWords(one: ReplyCase): string {
  switch (one.is) {
    case "yes":
      return "Yes";
    case "no":
      return "No";
    case "any":
      return "Any reply";
    case "words":
      return one.words.join(", ");
    case "pattern":
      return one.pattern;
    case "number":
      if (one.from === undefined) return one.to === undefined ? "A number" : `Up to ${one.to}`;
      return one.to === undefined ? `From ${one.from}` : `${one.from} to ${one.to}`;
  }
}
