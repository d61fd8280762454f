import { describe, expect, it, test } from "vitest";
import type { ImportColumn } from "../import-settings.ts";
import { type ConsentTarget, consentInHeader, readConsent, readConsents, soundsLikeRefusal } from "./consent.ts";
import { ConsentCheck } from "./consent-check.ts";

describe("headers", () => {
  it.each([
    [
      "dnc",
      "DND",
      "Do Not Contact",
      "DoNotContact",
      "do_not_contact",
      "Opt out",
      "Opted Out",
      "OptOut",
      "Unsubscribed",
      "dnc",
      "Do not disturb",
      "Blacklisted",
      "Kontaktsperre",
    ],
    [
      "email_opted_out",
      "HasOptedOutOfEmail",
      "Email Opt Out",
      "EMAIL_BLACKLISTED",
      "Unsubscribed from all email",
      "UNSUB_TIME",
      "DND Email",
      "Opted out of email: Marketing Information",
      "Do not email",
      "Email blocklisted",
      "Email Suppressions",
      "emailOptedOut",
    ],
    ["sms_opted_out", "DoNotCall", "Do Not Call", "DND SMS", "SMS_BLACKLISTED", "SMS opted out", "Do not text", "Phone opt-out"],
    [
      "contact_allowed",
      "subscribed",
      "Opt in",
      "OPT_IN",
      "DOUBLE_OPT-IN",
      "Subscription status",
      "GDPR consent",
      "Marketing permission",
      "Einwilligung",
    ],
    ["email_allowed", "Email Marketing Consent", "Accepts Email Marketing", "Newsletter", "Email opt-in"],
    ["sms_allowed", "SMS Marketing Consent", "Accepts SMS Marketing", "SMS consent"],
    [
      "circumstance",
      "OPTIN_TIME",
      "OPTIN_IP",
      "Consent date",
      "DND WhatsApp",
      "Fax Opt Out",
      "Email Marketing Consent Timestamp",
      "Subscription plan",
    ],
    ["refusal circumstance", "UNSUB_REASON", "UNSUB_CAMPAIGN_TITLE", "Opt-out source"],
    ["unclear", "Marketing contact status", "Legal basis for processing contact's data"],
  ])("%s", (target, ...headers) => {
    expect(headers.map((header) => [header, consentInHeader(header)])).toEqual(headers.map((header) => [header, target]));
  });

  it("says nothing of columns that are about something else, or no more than what is sent to people", () => {
    const headers = [
      "Name",
      "Email",
      "Phone",
      "Status",
      "Lead status",
      "Notes",
      "Options",
      "Adopted",
      "Company",
      "Contact owner",
      "Optimum",
      "Text",
      "Tags",
    ];
    expect(headers.filter((header) => ![undefined, "perhaps"].includes(consentInHeader(header)))).toEqual([]);
  });
});

describe("values", () => {
  test.each([
    [
      "dnc",
      ["true", "TRUE", "yes", "1", "x", "DND", "Do not contact", "active", "permanent", "Opted Out", "unsubscribed", "03/04/2024", "Ja"],
      "now",
    ],
    ["dnc", ["false", "no", "0", "inactive", "-", "None", "subscribed"], null],
    ["contact_allowed", ["false", "no", "0", "NEVER_SUBSCRIBED", "Unsubscribed", "non-subscribed", "cleaned", "bounced", "pending"], "now"],
    ["contact_allowed", ["true", "yes", "Subscribed", "opted-in", "2024-01-01"], null],
    ["email_opted_out", ["perhaps", "ask Bob", "2"], undefined],
  ] as const)("%s: %o", (target, values, expected) => {
    expect(values.map((value) => [value, readConsent(target, value)])).toEqual(values.map((value) => [value, expected]));
  });

  it("leaves a long text to a person, and takes no time over it", () => {
    for (const value of ["granted ".repeat(8_000), "1".repeat(60_000), "1/".repeat(30_000), " ".repeat(60_000)])
      expect(readConsents("email_allowed", value)).toBeUndefined();
  });

  it("takes the moment of a refusal, in UTC where no zone stands, and never one to come", () => {
    expect(readConsent("email_opted_out", "2024-03-05 10:11:12")).toEqual(new Date("2024-03-05T10:11:12Z"));
    expect(readConsent("sms_opted_out", "2024-03-05T10:11:12+02:00")).toEqual(new Date("2024-03-05T08:11:12Z"));
    expect(readConsent("sms_opted_out", "2999-01-01")).toBe("now");
  });

  it("hears a refusal among other words of a cell", () => {
    for (const value of ["Unsubscribed", "vip; unsubscribed", "DNC", "Do Not Contact", "opted out (SMS)", "Abgemeldet", "désinscrit"]) {
      expect([value, soundsLikeRefusal(value)]).toEqual([value, true]);
    }
    for (const value of ["Subscribed", "Customer", "Adopted outside", "options", "DNCE fan"]) {
      expect([value, soundsLikeRefusal(value)]).toEqual([value, false]);
    }
  });
});

describe("what an import asks about", () => {
  const asked = (columns: ImportColumn[], ...rows: string[][]) => {
    const check = new ConsentCheck(columns);
    for (const row of rows) check.see(row);
    return check.questions();
  };
  const name = { header: "Name", target: "name" } as const;

  it("is a column with a header of consent or a value of refusal that is not taken as such", () => {
    expect(asked([name, { header: "DND", target: "metadata" }], ["Ann", "true"])).toEqual([1]);
    expect(asked([name, { header: "DND", target: "ignore" }], ["Ann", "false"])).toEqual([1]);
    expect(asked([name, { header: "Status", target: "metadata" }], ["Ann", "Active"], ["Bob", "Unsubscribed"])).toEqual([1]);
    expect(asked([name, { header: "Lead status", target: "lead_status" }], ["Ann", "DNC"])).toEqual([1]);
  });

  it("is nothing where consent is taken, a person has answered, or no value stands", () => {
    expect(asked([name, { header: "DND", target: "dnc" }], ["Ann", "true"])).toEqual([]);
    expect(asked([name, { header: "DND", target: "metadata", notConsent: true }], ["Ann", "true"])).toEqual([]);
    expect(asked([name, { header: "DND", target: "metadata" }], ["Ann", " "])).toEqual([]);
    expect(asked([{ header: "Name", target: "name" }], ["Unsubscribed Records Ltd"])).toEqual([]);
  });

  it("is the reason of a refusal only where the refusal itself is not taken", () => {
    const reason = { header: "UNSUB_REASON", target: "metadata" } as const;
    expect(asked([name, reason], ["Ann", "too many"])).toEqual([1]);
    expect(asked([name, reason, { header: "UNSUB_TIME", target: "email_opted_out" }], ["Ann", "too many", "2024-01-01"])).toEqual([]);
  });
});

describe("a column of refusals whose cells name channels", () => {
  test.each<[string, ConsentTarget[] | undefined]>([
    ["SMS", ["sms_opted_out"]],
    ["sms, Email", ["sms_opted_out", "email_opted_out"]],
    ["Email; Calls", ["email_opted_out", "sms_opted_out"]],
    ["E-Mail und SMS", ["email_opted_out", "sms_opted_out"]],
    ["Text messages", ["sms_opted_out"]],
    ["SMS/WhatsApp", ["sms_opted_out"]],
    ["All channels", ["dnc"]],
    ["GMB, FB", []],
    ["SMS, perhaps", undefined],
    ["Vienna", undefined],
    [",", undefined],
  ])("%j", (value, expected) => {
    const told = readConsents("dnc", value);
    expect(told?.filter(({ at }) => at === "now").map(({ target }) => target)).toEqual(expected);
  });

  test("yes, no and dates are read as before, and a list of channels says nothing under a permission", () => {
    expect(readConsents("dnc", "yes")).toEqual([{ target: "dnc", at: "now" }]);
    expect(readConsents("dnc", "no")).toEqual([{ target: "dnc", at: null }]);
    expect(readConsents("email_allowed", "SMS, Email")).toBeUndefined();
  });
});
