import { expect, test } from "vitest";
import type { ContactFields } from "#engine/flow/node-executor.ts";
import { nodeContext } from "#test/node-context.ts";
import { consent } from "./definition.ts";
import { executeConsent } from "./executor.ts";

function run(config: Record<string, unknown>, contact: Partial<ContactFields> = {}) {
  const context = nodeContext({ config: consent.config.parse(config), contact });
  const outcome = executeConsent(context);
  if (outcome.type !== "change") throw new Error(`It said ${outcome.type}`);
  return outcome.decide(context);
}

test("refuses to record nothing, another channel, and to lift do-not-contact by a word", () => {
  for (const config of [
    {},
    { reason: "because" },
    { sms: "maybe" },
    { fax: "opt_in" },
    { doNotContact: "off" },
    { sms: "opt_in", reason: "x".repeat(201) },
  ]) {
    expect(consent.config.safeParse(config).success, JSON.stringify(config)).toBe(false);
  }
});

test("writes the channels it names and no other, and says how things stood before", () => {
  expect(run({ sms: "opt_out", reason: "Phoned us" }, { email_opted_out: true })).toMatchObject({
    patch: { sms_opted_out: true },
    output: {
      before: { sms_opted_out: false, email_opted_out: true, dnc: false },
      after: { sms_opted_out: true, email_opted_out: true, dnc: false },
      reason: "Phoned us",
    },
  });
  expect(run({ email: "opt_in", doNotContact: true, reason: "Form at the fair" }, { email_opted_out: true })).toMatchObject({
    patch: { email_opted_out: false, dnc: true, consent: "Form at the fair" },
  });
});

test("does not lift do-not-contact with an opt-in", () => {
  expect(run({ sms: "opt_in", email: "opt_in", reason: "Form at the fair" }, { dnc: true, sms_opted_out: true })).toMatchObject({
    patch: { sms_opted_out: false, email_opted_out: false },
    output: { after: { dnc: true } },
  });
});

test("opts nobody in without saying how the consent is known, nor anybody who refused the channel themselves", () => {
  expect(run({ sms: "opt_in" }, { sms_opted_out: true })).toMatchObject({
    patch: {},
    output: { after: { sms_opted_out: true }, refused: ["sms"], because: "no_reason" },
  });
  const stopped = { sms_opted_out: true, email_opted_out: true, stopped: ["sms"] as const };
  expect(run({ sms: "opt_in", email: "opt_in", reason: "Form" }, stopped)).toMatchObject({
    patch: { email_opted_out: false },
    output: { after: { sms_opted_out: true, email_opted_out: false }, refused: ["sms"], because: "stopped" },
  });
});

test("records an opt-in for a channel that is open too, since a workspace may ask for a recorded one", () => {
  expect(run({ sms: "opt_in", reason: "Web form" })).toMatchObject({ patch: { sms_opted_out: false, consent: "Web form" } });
  expect(run({ sms: "opt_in" })).toMatchObject({ patch: {}, output: { refused: ["sms"], because: "no_reason" } });
  expect(run({ sms: "opt_in", reason: "Web form" }, { stopped: ["sms"] })).toMatchObject({ patch: {}, output: { because: "stopped" } });
});

test("writes nothing where the contact has said so before", () => {
  expect(run({ sms: "opt_out" }, { sms_opted_out: true })).toMatchObject({ patch: {} });
});
