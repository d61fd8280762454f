import { defineRoute, member } from "../route.ts";
import { TestShares, TestSharesQuestion, TestVerdicts, TestVerdictsQuestion } from "../test-shares.ts";

export const fieldTestRoutes = {
  countShares: defineRoute({
    heavy: true,
    method: "POST",
    path: "/api/test-shares",
    tag: "Contacts",
    summary: "How many contacts of today each group of tests is the first to fit",
    description:
      "The groups are those of the branches of a condition. They are counted by the filter of contacts. A test that it does not have, such as one " +
      "of a variable, is named, and then nothing is said of its group and those after it.",
    auth: member("viewer", "contacts:read"),
    body: TestSharesQuestion,
    response: TestShares,
    rate: "read",
    changesNothing: true,
  }),
  judgeTests: defineRoute({
    method: "POST",
    path: "/api/test-verdicts",
    tag: "Contacts",
    summary: "Whether tests of a flow hold of one contact now",
    auth: member("viewer", "contacts:read"),
    body: TestVerdictsQuestion,
    response: TestVerdicts,
    rate: "read",
    changesNothing: true,
  }),
};
