import { expect, test } from "vitest";
import { legalHours } from "#contract/legal-hours.ts";
import { messageKinds } from "#contract/message-kinds.ts";
import { seededRandom } from "#test/chaos/random.ts";
import { clockChanges, twelveZones, wallClock } from "#test/zones.ts";
import { judgeHours } from "./judge-hours.ts";
import { placeOfContact } from "./place-of-contact.ts";
import { findSendingMoment, spreadWithin } from "./quiet-hours.ts";
import { usPlaceOf, usStates } from "./us-area-codes.ts";

const usual = { from: "09:00", to: "20:00" };
const rules = { on: true, ...usual, also: [] };
const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

const asked = new Map<string, ReturnType<typeof wallClock>>();
/** The wall clock of a zone. Reading it is slow, and many states share a zone. */
function clockOf(at: number, zone: string) {
  const key = `${at} ${zone}`;
  const known = asked.get(key) ?? wallClock(new Date(at), zone);
  asked.set(key, known);
  return known;
}

/** What is allowed, written out once more by the wall clock: federal law, the state's, and the workspace's hours, in every zone. */
function isAllowed(at: number, zones: readonly string[], state: string | undefined, own: { from: string; to: string } = usual): boolean {
  return zones.every((zone) => {
    const { weekday, time } = clockOf(at, zone);
    const laws = legalHours.filter((law) => law.country === "US" && (law.state === undefined || law.state === state));
    const hours = laws.map((law) => (weekday === 7 ? law.sunday : weekday === 6 ? law.saturday : law.weekdays));
    return [...hours, [own.from, own.to] as const].every(
      (one) => one !== null && minutes(time) >= minutes(one[0]) && minutes(time) < minutes(one[1]),
    );
  });
}

/** An area code of each state that is in the plan. */
const codeOf = new Map<string, string>();
for (let code = 200; code < 1000; code += 1) {
  const { state } = usPlaceOf(`+1${code}5550100`);
  if (state !== undefined && !codeOf.has(state)) codeOf.set(state, String(code));
}

test("there are 51 jurisdictions, and each has an area code", () => {
  expect(usStates).toHaveLength(51);
  expect([...codeOf.keys()].sort()).toEqual([...usStates].sort());
});

test.each(usStates)("%s: a message leaves in no minute that a law or the workspace forbids, and waits no longer than it must", (state) => {
  const phone = `+1${codeOf.get(state)}5550100`;
  const place = placeOfContact({ timeZone: null, phone, country: "US" });
  const days = ["2026-03-07", "2026-03-08", "2026-03-09", "2026-07-04", "2026-10-31", "2026-11-01", "2026-11-02"];
  for (const day of days) {
    for (let hour = 0; hour < 24; hour += 1) {
      for (const minute of [0, 59]) {
        const now = Date.parse(`${day}T00:00:00Z`) + (hour * 60 + minute) * 60_000;
        const moment = findSendingMoment(place, usual, now);
        const told = `${state} ${new Date(now).toISOString()}`;
        expect(moment.open, told).toBe(isAllowed(now, place.zones, state));
        if (moment.open) {
          expect(isAllowed(moment.until - 60_000, place.zones, state), told).toBe(true);
          expect(isAllowed(moment.until, place.zones, state), told).toBe(false);
          continue;
        }
        if (moment.opens === null) throw new Error(`${told}: no hour`);
        expect(isAllowed(moment.opens, place.zones, state), told).toBe(true);
        expect(isAllowed(moment.opens - 60_000, place.zones, state), told).toBe(false);
        // No allowed half hour lies before.
        const half = 30 * 60_000;
        for (let at = Math.ceil(now / half) * half; at < moment.opens; at += half)
          if (isAllowed(at, place.zones, state)) throw new Error(told);
      }
    }
  }
});

test("in every zone, on every day of a change of the clocks, what waits leaves within the hours", () => {
  for (const zone of twelveZones) {
    const place = placeOfContact({ timeZone: zone, phone: "+436641234567", country: "AT" });
    expect(place.zones).toEqual([zone]);
    for (const change of clockChanges) {
      for (let step = -40; step <= 40; step += 1) {
        const now = Date.parse(`${change}T12:07:00Z`) + step * 47 * 60_000;
        const moment = findSendingMoment(place, usual, now);
        const at = moment.open ? now : moment.opens === null ? Number.NaN : spreadWithin(moment, `${zone} ${step}`);
        const { time } = wallClock(new Date(at), zone);
        expect(time >= "09:00" && time < "20:00", `${zone} ${new Date(now).toISOString()} ${time}`).toBe(true);
      }
    }
  }
});

test("the zone that is entered counts, and the law of the number narrows it; without one, every zone of the number must allow", () => {
  const at = (iso: string, timeZone: string | null, phone: string, country: string) =>
    judgeHours({ draft: { channel: "sms", kind: "marketing" }, person: { timeZone, phone, country }, rules, seed: "" }, Date.parse(iso))
      .verdict;
  // 18:30 in New York: Rhode Island (401) has closed by its own law, New Jersey (201) has not.
  expect([at("2026-11-23T23:30:00Z", null, "+14015550100", "US"), at("2026-11-23T23:30:00Z", null, "+12015550100", "US")]).toEqual([
    "later",
    "now",
  ]);
  // A number of New York whose owner lives in Los Angeles: 9:30 in New York is 6:30 there.
  expect([
    at("2026-11-23T14:30:00Z", "America/Los_Angeles", "+12125550100", "US"),
    at("2026-11-23T14:30:00Z", null, "+12125550100", "US"),
    at("2026-11-23T14:30:00Z", "Mars/Olympus", "+12125550100", "US"),
  ]).toEqual(["later", "now", "now"]);
  // A number without charge may be anywhere between the coasts: 12:00 to 20:00 in New York.
  const free = (iso: string) => at(iso, null, "+18005550100", "US");
  expect([free("2026-11-23T16:59:00Z"), free("2026-11-23T17:00:00Z"), free("2026-11-24T00:59:00Z"), free("2026-11-24T01:00:00Z")]).toEqual([
    "later",
    "now",
    "now",
    "later",
  ]);
  // Canada: Newfoundland has closed when it is 16:00 in Vancouver, although Vancouver is open.
  expect(at("2026-11-24T00:00:00Z", null, "+16045550100", "CA")).toBe("later");
});

test("without an hour that all zones allow, the message is held and looked at again; nothing else is held", () => {
  const person = { timeZone: null, phone: "+18005550100", country: "US" };
  const narrow = { ...rules, from: "12:00", to: "13:00" };
  const now = Date.parse("2026-11-23T17:30:00Z");
  expect(judgeHours({ draft: { channel: "sms", kind: "marketing" }, person, rules: narrow, seed: "" }, now)).toMatchObject({
    verdict: "later",
    code: "no_sending_hours",
    until: new Date(now + 24 * 3_600_000),
  });
});

test("what is called an answer keeps the hours unless the contact has just written", () => {
  const person = { timeZone: "Europe/Vienna", phone: "+436641234567", country: "AT" };
  const night = Date.parse("2026-11-23T02:00:00Z");
  const ask = (wroteLately: boolean, kind: (typeof messageKinds)[number] = "conversational") =>
    judgeHours({ draft: { channel: "sms", kind }, person: { ...person, wroteLately }, rules, seed: "" }, night);
  expect(ask(false)).toMatchObject({ verdict: "later", code: "outside_window_waiting" });
  expect(ask(true)).toEqual({ verdict: "now", facts: { outsideHours: "conversational" } });
  expect(ask(true, "marketing").verdict).toBe("later");
});

test("kinds that do not wait leave and say so; e-mail never waits; where the hours are off nothing does", () => {
  const person = { timeZone: "Europe/Vienna", phone: "+436641234567", country: "AT" };
  const night = Date.parse("2026-11-23T02:00:00Z");
  const ask = (channel: "sms" | "email", kind: (typeof messageKinds)[number], more = {}) =>
    judgeHours({ draft: { channel, kind }, person, rules: { ...rules, ...more }, seed: "" }, night);
  expect(ask("sms", "transactional")).toEqual({ verdict: "now", facts: { outsideHours: "transactional" } });
  expect(ask("sms", "conversational", { also: ["conversational"] }).verdict).toBe("later");
  for (const kind of messageKinds) {
    expect(ask("email", kind)).toEqual({ verdict: "now" });
    expect(ask("sms", kind, { on: false })).toEqual({ verdict: "now" });
  }
});

const people = Number(process.env.HOURS_PEOPLE ?? 2_000);
const seed = Number(process.env.HOURS_SEED ?? 1);
test(`of ${people} random people (seed ${seed}) none gets marketing outside the hours of any zone in which they may be`, () => {
  const random = seededRandom(seed);
  const codes = [...codeOf.values(), "800", "999"];
  let wrong = 0;
  for (let n = 0; n < people; n += 1) {
    const phone = `+1${random.pick(codes)}5550100`;
    const timeZone = random.next() < 0.3 ? random.pick(twelveZones) : null;
    const person = { timeZone, phone, country: "US" };
    const from = `${String(random.between(6, 11)).padStart(2, "0")}:30`;
    const own = { from, to: `${random.between(16, 22)}:15` };
    const { zones } = placeOfContact(person);
    const { state } = usPlaceOf(phone);
    // Retries and late wake-ups: whenever it is asked again, the answer holds for that moment.
    let now = Date.parse("2026-01-01T00:00:00Z") + random.between(0, 365 * 24 * 60) * 60_000;
    for (let tries = 0; tries < 4; tries += 1) {
      const answer = judgeHours({ draft: { channel: "sms", kind: "marketing" }, person, rules: { ...rules, ...own }, seed: `${n}` }, now);
      if (answer.verdict === "now") {
        if (!isAllowed(now, zones, state, own)) wrong += 1;
        now += random.between(1, 900) * 60_000;
        continue;
      }
      if (answer.code === "outside_window_waiting" && !isAllowed(answer.until.getTime(), zones, state, own)) wrong += 1;
      now = answer.until.getTime() + (random.next() < 0.3 ? random.between(1, 900) * 60_000 : 0);
    }
  }
  expect(wrong).toBe(0);
});
