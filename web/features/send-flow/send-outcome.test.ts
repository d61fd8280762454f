import { expect, it } from "vitest";
import { buildSend } from "#test/build-history.ts";
import { afterUndo } from "#web/entities/sends/undo-send.ts";
import { outcomeToasts } from "./send-outcome.ts";

const told = (values: Parameters<typeof buildSend>[0]) =>
  outcomeToasts(buildSend({ total: 3, enrolled: 3, notEnrolled: 0, ...values }), { shown: 3, now: 0, zone: "UTC" }).map(
    ({ status, title }) => [status, title],
  );

it("does not call a send a success that is over and reached nobody", () => {
  expect(told({ state: "done", reached: 0, unreached: 3 })).toEqual([["warning", "Nobody could be written to"]]);
  expect(told({ state: "done", reached: 1, unreached: 2 })).toEqual([["warning", "Not everybody could be written to"]]);
  expect(told({ state: "running", reached: 0, unreached: 0 })).toEqual([["success", "Flow sent successfully"]]);
});

it("says that a send was test only, and beside a start that nothing leaves where a channel is in test mode", () => {
  expect(told({ state: "done", reached: 0, unreached: 1, captured: 2 })).toEqual([["warning", "Test only, not sent"]]);
  const news = outcomeToasts(buildSend({ total: 3, enrolled: 3, notEnrolled: 0, state: "running" }), {
    ...{ shown: 3, now: 0, zone: "UTC", inTestMode: ["sms", "email"] },
  });
  expect(news.map(({ status, title }) => [status, title])).toEqual([
    ["info", "Flow sent successfully"],
    ["info", "SMS and e-mail are in test mode: nothing leaves"],
  ]);
});

it("calls a send planned as long as its time is still to come on some clock, and offers no undo that says it is sending", () => {
  // In Kiritimati it is past nine on the 29th, in Chicago it is still the 28th.
  const now = Date.parse("2026-11-28T21:00:00Z");
  const planned = buildSend({
    total: 1,
    enrolled: 1,
    notEnrolled: 0,
    state: "running",
    start: { at: "2026-11-29T09:00", zone: "contact" },
  });
  const [news] = outcomeToasts(planned, { shown: 1, now, zone: "America/Chicago" });
  expect([news?.title, afterUndo(planned, now, "America/Chicago")]).toEqual(["Flow scheduled", "The offer to undo ends"]);
  const later = now + 36 * 3_600_000;
  expect(outcomeToasts(planned, { shown: 1, now: later, zone: "America/Chicago" })[0]?.title).toBe("Flow sent successfully");
  expect(afterUndo(planned, later, "America/Chicago")).toBe("Sending to 1 contact");
});
