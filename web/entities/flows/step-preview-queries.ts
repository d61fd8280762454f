import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { StepMomentsQuestion } from "#contract/step-moments.ts";
import type { StepResultQuestion } from "#contract/step-results.ts";
import { api } from "#web/lib/api.ts";

/** Answers about settings that were changed on are not worth keeping. */
const changedOn = 30_000;

/** When a step that waits by the clock lets a contact go on. Time passes, so an answer is soon an old one. */
export const stepMomentsQuery = (question: StepMomentsQuestion) =>
  queryOptions({
    queryKey: ["flows", "moments", question],
    queryFn: ({ signal }) => api("findStepMoments", { body: question, signal }),
    gcTime: changedOn,
    staleTime: 0,
    retry: false,
    placeholderData: keepPreviousData,
  });

/** The last answers to the webhooks of a flow that were tried; for those only who may try them. */
export const webhookSamplesQuery = (flowId: string) =>
  queryOptions({
    queryKey: ["flows", "webhook-samples", flowId],
    queryFn: ({ signal }) => api("listWebhookSamples", { params: { id: flowId }, signal }),
  });

/** What a step would do to a contact. Contacts are changed all the time, so an answer is soon an old one. */
export const stepResultQuery = (question: StepResultQuestion) =>
  queryOptions({
    queryKey: ["flows", "result", question],
    queryFn: ({ signal }) => api("findStepResult", { body: question, signal }),
    gcTime: changedOn,
    staleTime: 0,
    retry: false,
    placeholderData: keepPreviousData,
  });
