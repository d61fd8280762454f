import { expect, it } from "vitest";
import { buildSend } from "#test/build-history.ts";
import { outcomeToasts } from "./send-outcome.ts";

const told = (values: Parameters<typeof buildSend>[0]) =>
  outcomeToasts(buildSend({ total: 3, enrolled: 3, notEnrolled: 0, ...values }), { shown: 3, now: 0, zone: "UTC" }).map(
    ({ status, title }) => [status, title],
  );

it("does not call a send a success that is over and reached nobody", () => {
  expect(told({ state: "done", reached: 0, unreached: 3 })).toEqual([["warning", "Nobody could be written to"]]);
  expect(told({ state: "done", reached: 1, unreached: 2 })).toEqual([["success", "Flow sent successfully"]]);
  expect(told({ state: "running", reached: 0, unreached: 0 })).toEqual([["success", "Flow sent successfully"]]);
});
