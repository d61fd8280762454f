import { z } from "zod";
import { byId, defineRoute, member } from "../route.ts";
import { StepMoments, StepMomentsQuestion } from "../step-moments.ts";
import { StepResult, StepResultQuestion } from "../step-results.ts";
import { sampleDays, WebhookSample, WebhookTrial, WebhookTrialQuestion } from "../webhook-trials.ts";

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
  findStepResult: defineRoute({
    method: "POST",
    path: "/api/step-result",
    tag: "Flows",
    summary: "What a step that changes the contact, or keeps a value, would do to a contact now",
    description:
      "`node` is such a step with what is typed in it, saved or not. The code that runs in a flow is asked for one contact, and `result` is what the " +
      "history would keep. What earlier steps would have left is given in `values`. Nothing is written. A key needs `flows:read` and `contacts:read`.",
    auth: member("viewer", "flows:read"),
    body: StepResultQuestion,
    response: StepResult,
    rate: "read",
    changesNothing: true,
  }),
  tryWebhook: defineRoute({
    heavy: true,
    waitsOutside: true,
    method: "POST",
    path: "/api/webhook-try",
    tag: "Flows",
    summary: "Make the call of a webhook step once, for one contact, and show what was sent and what came back",
    description:
      "This is a real call: the other side acts on it. `node` is the step with what is typed in it, saved or not. It is filled in for the contact and " +
      "called with the limits and rules of a running flow, once, and is not repeated. What earlier steps would have left is given in `values`. " +
      "Secrets stand in the answer by their names. What came back is kept as a sample of the step, without its headers. A key needs `flows:write`, " +
      "`contacts:read`, and `secrets:use` where the step names a secret.",
    auth: member("editor", "flows:write"),
    body: WebhookTrialQuestion,
    response: WebhookTrial,
    rate: "send",
    audit: "webhook.try",
  }),
  listWebhookSamples: defineRoute({
    method: "GET",
    path: "/api/flows/:id/webhook-samples",
    tag: "Flows",
    summary: "The last answers to the webhook steps of a flow that somebody has tried",
    description: `An answer is kept for ${sampleDays} days, or until the contact goes for whom it was asked. A key needs \`flows:write\` and \`contacts:read\`.`,
    auth: member("editor", "flows:write"),
    params: byId,
    response: z.object({ items: z.array(WebhookSample) }),
  }),
};
