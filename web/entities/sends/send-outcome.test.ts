import { describe, expect, it } from "vitest";
import { channelTotals, doneBadge } from "./send-outcome.ts";

const done = { state: "done", failed: 0, partialFailure: 0, reached: 10, unreached: 0 } as const;

describe("the badge of a send", () => {
  it("is green only where everybody was reached and nothing failed", () => {
    expect(doneBadge(done)).toEqual({ status: "done", label: "Done" });
    expect(doneBadge({ ...done, reached: 0, unreached: 10 })).toEqual({ status: "failed", label: "Nobody reached" });
    expect(doneBadge({ ...done, reached: 6, unreached: 4 })).toEqual({ status: "partial_failure", label: "Done, 4 not reached" });
    expect(doneBadge({ ...done, failed: 1 })).toEqual({ status: "partial_failure", label: "Done with errors" });
    expect(doneBadge({ ...done, partialFailure: 1 })).toEqual({ status: "partial_failure", label: "Done with errors" });
  });

  it("claims nothing of a send that is older than the counts, or that sends no message", () => {
    expect(doneBadge({ ...done, reached: null, unreached: null }).label).toBe("Done");
    expect(doneBadge({ ...done, reached: 0, unreached: 0 }).label).toBe("Done");
  });

  it("says that it was a test, and neither that it is done nor that nobody could be written to", () => {
    const captured = { ...done, reached: 0, captured: 6 };
    expect(doneBadge(captured)).toEqual({ status: "captured", label: "Test only, not sent" });
    expect(doneBadge({ ...captured, reached: 4 })).toEqual({ status: "captured", label: "Done, 6 test only" });
    expect(doneBadge({ ...captured, unreached: 4 })).toEqual({ status: "captured", label: "Test only, not sent" });
    expect(doneBadge({ ...captured, failed: 1 }).label).toBe("Done with errors");
    const counts = [{ channel: "sms", outcome: "captured", reason: "test_mode", count: 10 } as const];
    expect(doneBadge({ ...done, messageCounts: counts })).toEqual({ status: "captured", label: "Done, SMS test only" });
  });

  it("says the state of a send that is not over", () => {
    expect(doneBadge({ ...done, state: "running", failed: 3 })).toEqual({ status: "running", label: "Running" });
  });
});

it("messages are told channel by channel, the most frequent reason first", () => {
  expect(
    channelTotals([
      { channel: "sms", outcome: "sent", reason: null, count: 5 },
      { channel: "sms", outcome: "skipped", reason: "no_phone", count: 1 },
      { channel: "sms", outcome: "skipped", reason: "bounced_before", count: 2 },
      { channel: "sms", outcome: "failed", reason: "bounced_before", count: 1 },
      { channel: "email", outcome: "skipped", reason: "no_email", count: 4 },
    ]),
  ).toEqual([
    {
      channel: "sms",
      sent: 5,
      missed: [
        { reason: "bounced_before", count: 3 },
        { reason: "no_phone", count: 1 },
      ],
    },
    { channel: "email", sent: 0, missed: [{ reason: "no_email", count: 4 }] },
  ]);
});
