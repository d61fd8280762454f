import { defineRoute, member } from "../route.ts";
import { StepMoments, StepMomentsQuestion } from "../step-moments.ts";

export const stepPreviewRoutes = {
  findStepMoments: defineRoute({
    method: "POST",
    path: "/api/step-moments",
    tag: "Flows",
    summary: "The next moments at which a step that waits by the clock lets a contact go on",
    description:
      "`node` is a delay or a time window with what is typed in it, saved or not. The code that lets contacts wait is asked for one contact: when it " +
      "goes on if it comes now, and when the next one does that comes right after. What is spread by chance is left out. Nothing is written. A key " +
      "needs `flows:read` and `contacts:read`.",
    auth: member("viewer", "flows:read"),
    body: StepMomentsQuestion,
    response: StepMoments,
    rate: "read",
    changesNothing: true,
  }),
};
