import { z } from "zod";
import { defineNode } from "#contract/node-definition.ts";

const Wish = z.enum(["opt_in", "opt_out"]).optional();

export const consent = defineNode({
  type: "consent",
  label: "Consent",
  description: "Records that the contact opts in or out of SMS or e-mail, or must not be contacted at all.",
  category: "contact",
  config: z
    .strictObject({
      sms: Wish,
      email: Wish,
      /** Only ever turned on: what a flow did not know, a flow does not lift. */
      doNotContact: z.boolean().default(false),
      /** Where the wish was given or by what it is known; kept in the history. */
      reason: z.string().trim().max(200).default(""),
    })
    .refine(({ sms, email, doNotContact }) => sms !== undefined || email !== undefined || doNotContact, "Nothing to record was chosen"),
  defaults: { sms: "opt_out", email: "opt_out" },
  exits: () => [{ handle: "done", label: "Done" }],
});
