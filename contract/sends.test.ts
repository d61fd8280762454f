import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { LocalTime } from "./date-bounds.ts";
import { SendPatch } from "./send-changes.ts";
import { CreateSend } from "./send-requests.ts";
import { Drip } from "./sends.ts";

const flowId = "0198c5d2-7c1e-7b3a-9d54-2f6e8a1b3c4d";
const selection = { type: "ids", ids: ["0198c5d2-7c1e-7b3a-9d54-2f6e8a1b3c4e"] };
const start = { at: "2026-12-01T09:00" };
const drip = { count: 100, everySeconds: 600 };

const refusal = (result: z.ZodSafeParseResult<unknown>) => result.error?.issues.map(({ path, message }) => [path.join("."), message]);

describe("a wall clock time", () => {
  test.each([
    "2026-02-29T09:00",
    "2026-04-31T09:00",
    "2026-13-01T09:00",
    "2026-12-01T24:00",
    "2026-12-01T09:60",
    "2026-12-01 09:00",
    "2026-12-01T09:00Z",
  ])("is refused when no clock and calendar show it: %s", (text) => expect(LocalTime.safeParse(text).success).toBe(false));

  test.each(["2026-12-01T00:00", "2028-02-29T23:59"])("is accepted without a zone: %s", (text) => expect(LocalTime.parse(text)).toBe(text));
});

describe("a drip", () => {
  test("is refused with hours that begin and end at the same time", () => {
    const hours = { from: "09:00", to: "09:00" };
    expect(refusal(Drip.safeParse({ ...drip, hours }))).toEqual([["hours", "from and to are the same"]]);
  });

  test.each([
    ["no day at all", { days: [] }],
    ["a day that is none", { days: [8] }],
    ["a round every nine seconds", { everySeconds: 9 }],
    ["nobody in a round", { count: 0 }],
  ])("is refused with %s", (_, change) => expect(Drip.safeParse({ ...drip, ...change }).success).toBe(false));

  test("may have hours that go through the night, and runs on every day unless days are named", () => {
    const hours = { from: "22:00", to: "06:00" };
    expect(Drip.parse({ ...drip, hours })).toEqual({ ...drip, hours, days: [1, 2, 3, 4, 5, 6, 7] });
  });
});

describe("a send", () => {
  test("cannot combine a drip with a start on each contact's own clock", () => {
    const given = { flowId, selection, drip, start: { ...start, zone: "contact" } };
    expect(refusal(CreateSend.safeParse(given))).toEqual([
      ["drip", "Batches use the workspace's time zone, so they cannot be combined with a start in each contact's own time zone"],
    ]);
  });

  test("is refused with a field that does not exist", () => {
    expect(CreateSend.safeParse({ flowId, selection, workspaceId: "ws_1" }).success).toBe(false);
  });

  test("starts on the workspace's clock and is no test unless the request says so", () => {
    expect(CreateSend.parse({ flowId, selection, start, drip })).toMatchObject({ isTest: false, start: { ...start, zone: "workspace" } });
  });
});

describe("a change of a send under way", () => {
  test("is refused when it changes nothing", () => {
    expect(refusal(SendPatch.safeParse({}))).toEqual([["", "name start or drip"]]);
  });

  test("takes a setting away with null", () => {
    expect(SendPatch.parse({ drip: null })).toEqual({ drip: null });
  });
});
