import { describe, expect, test } from "vitest";
import type { SavedLaunch, SavedTerms } from "#contract/saved-launches.ts";
import { uuid } from "#test/build-flow.ts";
import { newDraft } from "#web/entities/schedule/schedule-draft.ts";
import type { Audience } from "./audience.ts";
import { beginningOf, type Preset, termsOf } from "./preset.ts";
import { unfitTerms } from "./unfit-terms.ts";

const zone = "Europe/Berlin";
/** Noon in Berlin. */
const now = Date.parse("2026-11-30T11:00:00Z");
const filter = { tests: [{ field: "lead_status" as const, operator: "is" as const, value: "New" }] };
const audience: Audience = { selection: { type: "filter", filter, excluded: [] }, total: 9, names: [], words: "New ones" };
const terms: SavedTerms = {
  filter,
  exclude: { messagedDays: 7 },
  oncePerAddress: false,
  values: { amount: 20, vip: true, town: { field: "custom.town", fallback: "Bonn" } },
  drip: { count: 10, everySeconds: 3600, days: [1], hours: undefined },
};
const launch = { id: uuid(1), flowId: uuid(2), name: "Offer" } as SavedLaunch;
const begin = (more: Partial<SavedTerms> = {}) => beginningOf({ launch, terms: { ...terms, ...more }, audience }, now, zone);

describe("what cannot be saved", () => {
  test("is contacts that were picked, or taken out, one by one", () => {
    const chosen = { draft: newDraft(now, zone), drip: null, end: null, canary: null, oncePerAddress: true, narrowing: {}, launch: {} };
    const termsNow = (of: Audience) => termsOf({ ...chosen, audience: of }, now, zone);
    const picked: Audience = { ...audience, selection: { type: "ids", ids: [uuid(5)] } };
    const without: Audience = { ...audience, selection: { type: "filter", filter, excluded: [uuid(5)] } };
    expect([termsNow(picked), termsNow(without)]).toEqual([null, null]);
    expect(termsNow(audience)).toEqual({ filter, oncePerAddress: true });
    expect(termsNow({ ...picked, matching: filter })).toEqual({ filter, oncePerAddress: true });
  });
});

test("a dialog that is filled from a saved launch says what it said", () => {
  const begun = begin();
  expect(begun).toMatchObject({
    flowId: uuid(2),
    oncePerAddress: false,
    draft: { start: "now", pace: "drip", count: 10, unit: "hour", every: 1 },
  });
  expect(begun.whoNot.narrowing).toEqual({ exclude: { messagedDays: 7 } });
  expect(begun.typedValues[uuid(2)]?.typed).toEqual({
    amount: { way: "all", text: "20", field: "", fallback: "" },
    vip: { way: "all", text: "yes", field: "", fallback: "" },
    town: { way: "field", text: "", field: "custom.town", fallback: "Bonn" },
  });
  const saved = termsOf(
    {
      audience,
      draft: { ...begun.draft, start: "at", at: "2026-12-01T09:00" },
      drip: terms.drip,
      end: null,
      canary: null,
      oncePerAddress: false,
      narrowing: { exclude: { messagedDays: 7 } },
      launch: { values: terms.values },
    },
    now,
    zone,
  );
  expect(saved).toEqual({ ...terms, startsAt: { time: "09:00", zone: "workspace" } });
});

test("a time of day is the next one that comes: today, tomorrow, or when it is so everywhere", () => {
  const at = (time: string, of: "workspace" | "contact" = "workspace") => begin({ startsAt: { time, zone: of } }).draft.at;
  expect(at("15:00")).toBe("2026-11-30T15:00");
  expect(at("09:00")).toBe("2026-12-01T09:00");
  expect(at("09:00", "contact")).toBe("2026-11-30T09:00");
  expect(begin().draft.start).toBe("now");
});

test("a moment after which nothing leaves is counted from the day on which the send begins", () => {
  const end = (days: number, startsAt?: SavedTerms["startsAt"]) => begin({ notLaterThan: { time: "18:00", days }, startsAt }).end;
  expect(end(0)).toBe("2026-11-30T18:00");
  expect(end(2)).toBe("2026-12-02T18:00");
  expect(end(0, { time: "09:00", zone: "workspace" })).toBe("2026-12-01T18:00");
  expect(begin().end).toBeNull();
});

test("what no longer fits is told: a flow that cannot be sent, values that are not asked for, and no more contacts than the few", () => {
  const preset: Preset = { launch: { ...launch, flowName: "Offer" }, terms: { ...terms, canary: { contacts: 9 } }, audience };
  const nodes = [
    { id: "a", type: "start", position: { x: 0, y: 0 }, data: { config: { inputs: [{ name: "vip", label: "VIP", type: "yes_no" }] } } },
  ];
  const flow = { id: uuid(2) };
  expect(unfitTerms(preset, { flow: null, flowId: uuid(2), nodes: undefined })).toEqual([
    "The flow “Offer” cannot be sent any more. It was archived or has no steps. Choose another one.",
    "It tries with 9 first. There are no more contacts than these now, so all begin at once.",
  ]);
  const fits = { ...preset, terms: { ...terms, canary: { contacts: 8 } } };
  expect(unfitTerms(fits, { flow, flowId: uuid(2), nodes })).toEqual([
    "The flow no longer asks for “amount”, “town”, so this is left out.",
  ]);
  expect(unfitTerms({ ...fits, terms: { ...terms, values: { vip: true } } }, { flow, flowId: uuid(2), nodes })).toEqual([]);
  expect(unfitTerms(preset, { flow: { id: uuid(3) }, flowId: uuid(3), nodes })).toEqual([]);
});
