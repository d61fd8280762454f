import { expect, test } from "vitest";
import type { ProofLine } from "#contract/proof.ts";
import { momentsOf } from "./proof-words.ts";

const line: ProofLine = {
  messageId: "0198a3f0-0000-7000-8000-000000000001",
  sendId: null,
  flowName: "Spring",
  executionId: "0198a3f0-0000-7000-8000-000000000002",
  visit: 2,
  stepId: "sms",
  contactId: null,
  contactName: null,
  channel: "sms",
  to: null,
  provider: "twilio",
  providerMessageId: "SM1",
  isTest: false,
  attempt: 2,
  status: "undelivered",
  reason: "phone_unreachable",
  error: "30003",
  writtenAt: "2026-05-03T10:00:00.000Z",
  sentAt: "2026-05-03T10:00:31.000Z",
  deliveredAt: null,
  doubtAt: null,
  changedAt: "2026-05-03T10:02:00.000Z",
  tries: [
    { attempt: 1, at: "2026-05-03T10:00:00.500Z", status: "failed", reason: "provider_unavailable", error: "busy" },
    { attempt: 2, at: "2026-05-03T10:00:30.000Z", status: "completed", reason: null, error: null },
  ],
  reports: [{ at: "2026-05-03T10:02:00.000Z", status: "undelivered", reason: "phone_unreachable", error: "30003" }],
};

test("everything on record about a message is told in the order in which it happened", () => {
  expect(momentsOf(line).map(({ words }) => words)).toEqual([
    "Written down, before the provider was called",
    "Try 1 did not leave: The provider could not be reached",
    "The provider took it",
    "The provider reports that it was not delivered: The phone could not be reached",
  ]);
});

test("what never left says so, and what is kept here is not told as taken", () => {
  const failed = { ...line, status: "failed" as const, reason: "provider_rejected" as const, sentAt: null, tries: [], reports: [] };
  expect(momentsOf(failed).at(-1)).toMatchObject({ words: "It did not leave: The provider refused the message", isBad: true });
  const kept = { ...line, provider: "capture", status: "sent" as const, tries: [], reports: [] };
  expect(momentsOf(kept).at(-1)?.words).toBe("Kept here as a test; nothing left");
});

test("a delivery from before reports were kept is told from the message", () => {
  const old = { ...line, status: "delivered" as const, deliveredAt: "2026-05-03T10:01:00.000Z", tries: [], reports: [] };
  expect(momentsOf(old).at(-1)).toMatchObject({ at: "2026-05-03T10:01:00.000Z", words: "The provider reports that it was delivered" });
});
