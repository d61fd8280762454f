import { describe, expect, it } from "vitest";
import { executionStatuses, waitingFor } from "#contract/executions.ts";
import { momentWords, zoneName } from "#ui/format.ts";
import { executionState } from "./execution-state.ts";

// 8:30 in Chicago, 15:30 in Berlin, already the 4th in Auckland.
const now = Date.parse("2026-05-03T13:30:00Z");
const chicago = "America/Chicago";
const state = (status: (typeof executionStatuses)[number], wakeAt: string | null, waiting: (typeof waitingFor)[number] | null) =>
  executionState({ status, wakeAt, waitingFor: waiting, reached: true, missed: [] }, now, chicago);

describe("how an execution stands", () => {
  it("says until when it waits, on which day and in which zone", () => {
    expect(state("running", "2026-05-04T14:00:00Z", "time").sentence).toBe("Waiting until tomorrow 9:00 (Chicago)");
    expect(state("running", "2026-05-03T14:00:00Z", "time").sentence).toBe("Waiting until 9:00 (Chicago)");
    expect(state("running", "2026-05-08T14:00:00Z", "window").sentence).toBe("Waiting for the sending hours, until Fri 9:00 (Chicago)");
    expect(state("running", null, "reply").sentence).toBe("Waiting for a reply");
  });

  it("does not call an end a success where nothing could be sent", () => {
    const ended = { status: "completed", wakeAt: null, waitingFor: null, reached: false, missed: ["sms:no_phone"] } as const;
    expect(executionState({ ...ended, missed: [...ended.missed] }, now, chicago)).toMatchObject({
      kind: "unreached",
      label: "Nothing sent",
    });
    expect(executionState({ ...ended, reached: true, missed: [...ended.missed] }, now, chicago).label).toBe("Completed");
    // A flow that sends no message has nothing to reach anybody with.
    expect(executionState({ ...ended, missed: [] }, now, chicago).label).toBe("Completed");
  });

  it("does not call an end a success, nor a failure, where the messages were only kept here", () => {
    const ended = { status: "completed", wakeAt: null, waitingFor: null, missed: ["sms:test_mode", "email:no_email"] } as const;
    const facts = { ...ended, missed: [...ended.missed] };
    expect(executionState({ ...facts, reached: false }, now, chicago)).toMatchObject({ kind: "captured", label: "Test only, not sent" });
    expect(executionState({ ...facts, reached: true }, now, chicago).label).toBe("Completed");
    expect(executionState({ ...facts, status: "failed", reached: false }, now, chicago).label).toBe("Failed");
  });

  it("does not say “until” of a moment that has passed", () => {
    expect(state("running", "2026-05-03T13:00:00Z", "time").sentence).toBe("Waiting, due since 8:00 (Chicago)");
    expect(state("pending", "2026-05-02T13:00:00Z", "time").sentence).toBe("Scheduled, due since yesterday 8:00 (Chicago)");
  });

  it("names the next try of what did not go through", () => {
    expect(state("running", "2026-05-03T14:00:00Z", "capacity").sentence).toBe("Waiting, next try 9:00 (Chicago)");
    expect(state("running", "2026-05-03T13:00:00Z", "capacity").detail).toBe("next try due since 8:00 (Chicago)");
    expect(state("running", null, "capacity").sentence).toBe("Waiting for the next try");
  });

  it("gives a worker a minute before it calls something overdue", () => {
    expect(state("running", "2026-05-03T13:29:30Z", "time").sentence).toBe("Waiting until 8:29 (Chicago)");
  });

  it("tells scheduled, held, pending and running apart", () => {
    expect(state("pending", "2026-05-04T14:00:00Z", "time")).toMatchObject({ kind: "scheduled", detail: "for tomorrow 9:00 (Chicago)" });
    expect(state("running", null, "hold")).toMatchObject({ kind: "held", sentence: "Held until the first messages are checked" });
    expect(state("pending", null, null)).toEqual({ kind: "pending", label: "Pending", detail: null, sentence: "Pending" });
    expect(state("running", null, null).label).toBe("Running");
  });

  it("ignores a leftover wake-up time once the execution has ended", () => {
    for (const status of ["completed", "failed", "cancelled", "partial_failure"] as const) {
      expect(state(status, "2026-05-04T14:00:00Z", "time")).toMatchObject({ kind: status, detail: null });
    }
  });

  it("has a word for every status and every thing to wait for", () => {
    for (const status of executionStatuses) {
      for (const waiting of [...waitingFor, null]) {
        for (const wakeAt of [null, "2026-05-04T14:00:00Z"]) expect(state(status, wakeAt, waiting).sentence).toMatch(/^[A-Z][a-z]+/);
      }
    }
  });
});

describe("moments in words", () => {
  it("counts days by the calendar of the zone, not by 24 hours", () => {
    expect(momentWords("2026-05-03T23:00:00Z", now, "Pacific/Auckland")).toBe("11:00");
    expect(momentWords("2026-05-03T11:00:00Z", now, "Pacific/Auckland")).toBe("yesterday 23:00");
    expect(momentWords("2026-05-04T04:59:00Z", now, chicago)).toBe("23:59");
    expect(momentWords("2026-05-04T05:00:00Z", now, chicago)).toBe("tomorrow 0:00");
  });

  it("is right on the night the clocks change", () => {
    // Chicago springs forward on 8 March 2026: that day has 23 hours.
    const before = Date.parse("2026-03-08T05:30:00Z");
    expect(momentWords("2026-03-09T14:00:00Z", before, chicago)).toBe("Mon 9:00");
    expect(momentWords("2026-03-08T14:00:00Z", before, chicago)).toBe("tomorrow 9:00");
  });

  it("gives the date from a week on and the year when it is another", () => {
    expect(momentWords("2026-05-10T14:00:00Z", now, chicago)).toBe("10 May 9:00");
    expect(momentWords("2027-01-02T15:00:00Z", now, chicago)).toBe("2 Jan 2027 9:00");
  });

  it("names zones as people do", () => {
    expect([chicago, "America/Argentina/Buenos_Aires", "UTC"].map(zoneName)).toEqual(["Chicago", "Buenos Aires", "UTC"]);
  });
});
