import { z } from "zod";
import { defineNode } from "#contract/node-definition.ts";
import { textFact } from "../results/facts.ts";

const Share = z.strictObject({
  id: z.string().min(1).max(100),
  label: z.string().max(200).default(""),
  /** Shares are exact to a hundredth of a percent. */
  percent: z
    .number()
    .min(0)
    .max(100)
    .refine((percent) => isWhole(percent * 100), "At most two digits after the point"),
});

const isWhole = (value: number) => Math.abs(value - Math.round(value)) < 1e-6;

export const split = defineNode({
  type: "split",
  label: "Split",
  description: "Sends each contact one of several ways, by chance.",
  category: "logic",
  needs: () => [],
  config: z.strictObject({
    shares: z
      .array(Share)
      .min(2)
      .max(10)
      .refine((shares) => new Set(shares.map(({ id }) => id)).size === shares.length, "Two shares have the same id")
      .refine(
        (shares) => shares.reduce((sum, { percent }) => sum + Math.round(percent * 100), 0) === 10_000,
        "The shares must add up to 100 percent",
      ),
    /** With `sticky` a contact that comes again goes the same way. With `fresh` the share is drawn at every visit. */
    draw: z.enum(["sticky", "fresh"]).default("sticky"),
  }),
  defaults: {
    shares: [
      { id: "a", label: "A", percent: 50 },
      { id: "b", label: "B", percent: 50 },
    ],
    draw: "sticky",
  },
  output: z.strictObject({ share: z.string(), label: z.string() }).partial(),
  personal: [],
  describeResult: ({ share, label }) => textFact("Share", label ?? share),
  exits: ({ shares }) => shares.map(({ id, label }) => ({ handle: id, label: label || id })),
});
