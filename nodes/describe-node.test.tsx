import { describe, expect, it } from "vitest";
import { nodeDefinitions } from "./definitions.ts";
import { describeNode } from "./describe-node.tsx";

const summary = (type: string, config?: Record<string, unknown>) => describeNode({ type, data: { config } }).summary;

describe("a node in a line", () => {
  it("shows a type it does not know, by the name it has, and marks it", () => {
    expect(describeNode({ type: "smart-delay", data: {} })).toMatchObject({
      known: false,
      label: "smart-delay",
      summary: "Unknown type of step “smart-delay”",
      exits: [],
    });
  });

  it("says that a node is not set up instead of guessing what it would do", () => {
    expect(summary("send_sms", {})).toBe("Not set up yet");
    expect(summary("delay", { mode: "duration", amount: 0, unit: "days" })).toBe("Not set up yet");
  });

  it("describes every type with its defaults", () => {
    for (const [type, definition] of Object.entries(nodeDefinitions)) {
      const described = describeNode({ type, data: { config: definition.defaults as Record<string, unknown> } });
      expect(described).toMatchObject({ known: true, label: definition.label });
      expect(described.summary).not.toBe("Not set up yet");
      expect(described.summary.length).toBeGreaterThan(3);
    }
  });

  it("prefers the name its author gave it", () => {
    expect(describeNode({ type: "end", data: { label: "  Goodbye " } }).label).toBe("Goodbye");
  });

  it("does not say the same thing twice", () => {
    const data = { label: "Wait 1 day", config: { mode: "duration", amount: 1, unit: "days" } };
    expect(describeNode({ type: "delay", data })).toMatchObject({ label: "Wait 1 day", summary: "Delay" });
  });

  it("quotes a message without the machinery of its merge fields, cut at a word", () => {
    expect(summary("send_sms", { text: 'Hi {{ firstname | default: "there" }},\n\nwelcome!' })).toBe("“Hi {{firstname}}, welcome!”");
    const long = summary("send_sms", { text: "A very long message with many words in it. ".repeat(5) });
    expect(long).toMatch(/^“A very long .+ many…”$|^“A very long .+\w…”$/);
    expect(long.length).toBeLessThanOrEqual(93);
    expect(summary("send_email", { subject: "Your appointment", text: "Hello" })).toBe("“Your appointment”");
  });

  it.each([
    [{ mode: "duration", amount: 1, unit: "days" }, "Wait 1 day"],
    [{ mode: "duration", amount: 90, unit: "minutes" }, "Wait 90 minutes"],
    [{ mode: "until_time", time: "09:00" }, "Wait until 9:00, the contact’s time"],
    [
      { mode: "until_time", time: "18:30", weekdays: [1, 2, 3, 4, 5], zone: "workspace" },
      "Wait until 18:30 on a weekday, the workspace’s time",
    ],
    [{ mode: "until_time", time: "00:05", weekdays: [3, 1, 1] }, "Wait until 0:05 on Mon, Wed, the contact’s time"],
    [{ mode: "duration", amount: 1, unit: "business_days", spreadSeconds: 5400 }, "Wait 1 business day, and up to 90 minutes more"],
    [
      { mode: "until_date", field: "metadata.due", offset: { amount: -3, unit: "days" }, time: "09:00" },
      "Wait until 3 days before due at 9:00, the contact’s time",
    ],
    [{ mode: "until_date", field: "created_at", yearly: true, zone: "workspace" }, "Wait until added, every year, the workspace’s time"],
  ])("says of a delay %j: %s", (config, words) => {
    expect(summary("delay", config)).toBe(words);
  });

  it.each([
    [[{ field: "lead_status", operator: "is", value: "New" }], "If lead status is New"],
    [[{ field: "contact.sms_opted_out", operator: "is", value: true }], "If opted out of SMS is yes"],
    [[{ field: "metadata.plan.name", operator: "in", value: ["Gold", "Silver"] }], "If plan.name is one of Gold, Silver"],
    [
      [
        { field: "email", operator: "is_empty" },
        { field: "phone", operator: "is_empty" },
      ],
      "If e-mail is empty and 1 more",
    ],
  ])("says of a condition %j: %s", (tests, words) => {
    expect(summary("condition", { branches: [{ id: "a", tests }] })).toBe(words);
  });

  it("says how many more branches a condition has", () => {
    const tests = [{ field: "email", operator: "is_empty" }];
    const branches = ["a", "b", "c"].map((id) => ({ id, tests }));
    expect(summary("condition", { branches })).toBe("If e-mail is empty · 2 more branches");
  });

  it.each([
    [{ days: [1, 2, 3, 4, 5], from: "09:00", to: "17:00" }, "9:00 to 17:00 on a weekday, the contact’s time; others wait"],
    [
      { days: [6, 7], from: "00:00", to: "24:00", zone: "workspace", holidays: ["2026-12-26"], outside: "drop" },
      "All day at the weekend, not on 1 holiday, the workspace’s time; others are dropped",
    ],
  ])("says of a time window %j: %s", (config, words) => {
    expect(summary("time_window", config)).toBe(words);
  });

  it("says of a split who gets what, and of a go-to where and how often it leads back", () => {
    const shares = [
      { id: "a", label: "Long text", percent: 33.5 },
      { id: "b", percent: 66.5 },
    ];
    expect(summary("split", { shares })).toBe("33.5 % Long text, 66.5 % b");
    expect(summary("split", { shares, draw: "fresh" })).toBe("33.5 % Long text, 66.5 % b, drawn each time");
    expect(summary("go_to", { target: "sms", times: 1 })).toBe("Back to “sms”, once");
    expect(summary("go_to", { target: "sms", times: 5, pauseSeconds: 172_800 })).toBe("Back to “sms”, at most 5 ×, after 2 days");
    const goTo = { type: "go_to", data: { config: { target: "sms", times: 1 } } };
    expect(describeNode(goTo, (id) => `the step ${id}`).summary).toBe("Back to “the step sms”, once");
  });

  it.each([
    [{ rule: "any_time" }, "May enter again at any time"],
    [{ rule: "after_days", days: 30 }, "May enter again after 30 days"],
    [{ rule: "once" }, "Enters once only"],
  ])("says of a start %j: %s", (reEntry, words) => {
    expect(summary("start", { reEntry })).toBe(words);
  });
});
