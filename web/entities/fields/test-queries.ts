import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { TestSharesQuestion, TestVerdictsQuestion } from "#contract/test-shares.ts";
import { api } from "#web/lib/api.ts";

/** Answers about tests that were typed on are not worth keeping. */
const typedOn = 30_000;

/** How many contacts each group of tests takes today. It ends with the screen that asks: nobody else waits for it. */
export const testSharesQuery = (groups: TestSharesQuestion["groups"]) =>
  queryOptions({
    queryKey: ["fields", "shares", groups],
    queryFn: ({ signal }) => api("countShares", { body: { groups }, signal }),
    gcTime: typedOn,
    staleTime: typedOn,
    retry: false,
  });

/** How tests come out for one contact. The answer before stays until the new one is there. */
export const testVerdictsQuery = (question: TestVerdictsQuestion) =>
  queryOptions({
    queryKey: ["fields", "verdicts", question],
    queryFn: ({ signal }) => api("judgeTests", { body: question, signal }),
    gcTime: typedOn,
    retry: false,
    placeholderData: keepPreviousData,
  });
