import { describe, expect, test } from "vitest";
import { validateFlow } from "../graph/validate-flow.ts";
import type { Raw } from "./raw-values.ts";
import { restoreGraph } from "./restore-graph.ts";
import { translateGraph } from "./translate-graph.ts";

const place = { x: 10, y: 20 };
const start = { id: "s", type: "start", position: place, data: {} };
const flow = (...nodes: Raw[]) => {
  const all = [start, ...nodes.map((node, index) => ({ id: `n${index + 1}`, position: place, ...node }))];
  return { nodes: all, edges: all.slice(1).map(({ id }, index) => ({ id: `e${index}`, source: String(all[index]?.id), target: id })) };
};
const errorsOf = (graph: { nodes: Raw[]; edges: Raw[] }) =>
  validateFlow(graph)
    .filter(({ severity }) => severity === "error")
    .map(({ code }) => code);
const importOf = (node: Raw) => {
  const given = flow(node);
  const made = translateGraph(given);
  const { data } = made.nodes[1] as { data: Raw & { config: Raw } };
  const tells = (kind: string) => made.lines.filter((line) => line.kind === kind && line.nodeId === "n1").map(({ message }) => message);
  // What comes in comes out as it was, whatever was asked about it.
  expect(restoreGraph(JSON.parse(JSON.stringify(made)))).toEqual(given);
  return { made, data, tells, errors: errorsOf(made) };
};
const mail = { subject: "S", body: "B" };

describe("a message that went to somebody else is not published before somebody decides", () => {
  test.each([
    [{ type: "send_email", data: { ...mail, to: "sales@us.com" } }, "sales@us.com"],
    [{ type: "send_email", data: { ...mail, to: "{{contact.email}}", cc: "boss@us.com" } }, "boss@us.com"],
    [{ type: "send-email", data: { config: { ...mail, recipients: ["{{contact.email}}", "a@us.com"] } } }, "a@us.com"],
    [{ type: "send-email", data: { config: mail, bcc: ["a@us.com"] } }, "a@us.com"],
    [{ type: "send_sms", data: { message: "x", to: "+12025550101" } }, "+12025550101"],
    [{ type: "send_sms", data: { message: "x", phoneNumber: "{{owner.phone}}" } }, "owner.phone"],
    [{ type: "send_sms", data: { message: "x", sendTo: "owner" } }, "owner"],
    [{ type: "send_sms", data: { message: "x", recipient: { type: "user", id: 4 } } }, "user"],
    [{ type: "send_email", data: { ...mail, to: "{{contact.custom.spouse_email}}" } }, "spouse_email"],
    [{ type: "action", data: { actions: [{ type: "sms", config: { text: "x", to: "owner" } }] } }, "owner"],
    [{ type: "send_sms", data: { message: "x", channel: "whatsapp" } }, "whatsapp"],
    [{ type: "send_sms", data: { message: "x", assignedUserPhone: true } }, "assignedUserPhone"],
    [{ type: "send_sms", data: { config: { text: "Ours" }, to: "owner" } }, "to"],
  ])("%j", (node, named) => {
    const { tells, errors } = importOf(node);
    expect(tells("choice").join(" ")).toContain(named);
    expect(errors).toContain("undecided");
  });

  test.each([
    { ...mail, to: "{{contact.email}}" },
    { ...mail, to: ["{{ Email }}"] },
    { ...mail, recipient: "contact" },
    { ...mail, emailAddress: "{{lead.email}}", channel: "email" },
  ])("and one to the contact is: %j", (data) => {
    const { errors, tells } = importOf({ type: "send_email", data });
    expect([errors, tells("choice"), tells("without_effect")]).toEqual([[], [], []]);
  });

  test("one that is decided is published", () => {
    const { made } = importOf({ type: "send_sms", data: { message: "x", to: "owner" } });
    const [first, { data, ...rest }] = made.nodes as [Raw, Raw & { data: Raw }];
    const { undecided: _undecided, ...decided } = data;
    expect(errorsOf({ ...made, nodes: [first, { ...rest, data: decided }] })).toEqual([]);
  });
});

describe("a step that was switched off comes in switched off", () => {
  test.each([
    { type: "send_sms", data: { message: "x", enabled: false } },
    { type: "send_sms", data: { message: "x", disabled: true } },
    { type: "send_sms", data: { config: { message: "x", isActive: "false" } } },
    { type: "send_sms", data: { message: "x" }, disabled: true },
    { type: "send_sms", data: { message: "x", status: "paused" } },
    { type: "send_sms", data: { config: { text: "Ours" } }, disabled: true },
    { type: "send_sms", data: { config: { text: "Ours" }, enabled: false } },
    { type: "action", data: { actionType: "sms", config: { text: "x" }, enabled: false } },
    { type: "action", data: { actions: [{ type: "sms", config: { text: "x" }, enabled: false }] } },
    { type: "action", data: { enabled: false, actions: [{ type: "sms", config: { text: "x" } }] } },
    { type: "send_sms", data: { message: "x", off: true } },
  ])("%j", (node) => {
    const { data, tells, errors } = importOf(node);
    expect(data.off).toBe(true);
    expect(errors).toEqual([]);
    if (node.data.off !== true) expect(tells("changed").join(" ")).toContain("switched off");
  });

  test("each of several actions by itself", () => {
    const actions = [
      { type: "sms", config: { text: "x" } },
      { type: "sms", config: { text: "y" }, disabled: true },
    ];
    const { made } = importOf({ type: "action", data: { actions } });
    expect(made.nodes.slice(1).map(({ data }) => (data as Raw).off)).toEqual([undefined, true]);
  });

  test.each([
    { message: "x", enabled: true },
    { message: "x", disabled: false, status: "active" },
  ])("and one that was on is on: %j", (data) => {
    const made = importOf({ type: "send_sms", data });
    expect([made.data.off, made.errors, made.tells("choice"), made.tells("without_effect")]).toEqual([undefined, [], [], []]);
  });

  test("one that may be either, and one with several ways, are asked about", () => {
    expect(importOf({ type: "send_sms", data: { message: "x", enabled: "{{ flag }}" } }).errors).toEqual(["undecided"]);
    const condition = { branches: [{ id: "b", conditions: [{ field: "email", operator: "exists" }] }] };
    const { data, errors } = importOf({ type: "condition", data: condition, disabled: true });
    expect(data.off).toBe(true);
    expect(errors).toContain("undecided");
  });

  test("one that is switched on afterwards stays on, and nothing more is told of it", () => {
    const { made } = importOf({ type: "send_sms", data: { message: "x" }, disabled: true });
    const [first, { data, ...rest }] = made.nodes as [Raw, Raw & { data: Raw }];
    const { off: _off, ...on } = data;
    const again = translateGraph(restoreGraph({ ...made, nodes: [first, { ...rest, data: on }] }));
    expect(again.nodes[1]).toEqual({ ...rest, data: on });
    expect(again.lines.filter(({ kind }) => kind !== "understood")).toEqual([]);
  });
});

describe("a delay", () => {
  test.each([
    [
      { days: 1, hours: 6 },
      { amount: 30, unit: "hours" },
    ],
    [
      { days: 7, hours: 0, minutes: 0 },
      { amount: 7, unit: "days" },
    ],
    [{ duration: { hours: 1, minutes: 30, seconds: 15 } }, { amount: 5415, unit: "seconds" }],
    [
      { mode: "fixed", amount: "1.5", unit: "h", name: "Pause" },
      { amount: 90, unit: "minutes" },
    ],
  ])("of several units adds them up: %j", (data, length) => {
    const made = importOf({ type: "delay", data });
    expect(made.data.config).toEqual({ mode: "duration", ...length });
    expect([made.errors, made.tells("choice")]).toEqual([[], []]);
  });

  test.each([
    { amount: "1.000", unit: "minutes" },
    { amount: "1,000", unit: "minutes" },
    { delay: "1.000" },
    { days: "1.000", hours: 2 },
    { business_days: 1, hours: 2 },
    { amount: 2, unit: "M" },
    { amount: 2, unit: "months" },
    { duration: "2 days" },
    { amount: "{{ days }}", unit: "days" },
  ])("of which the length is not sure is chosen by somebody: %j", (data) => {
    const { errors, tells } = importOf({ type: "delay", data });
    expect(errors.length).toBeGreaterThan(0);
    expect(tells("choice").length).toBeGreaterThan(0);
  });

  test.each([
    { amount: 2, unit: "days", direction: "before", anchor: "appointment" },
    { amount: 2, unit: "days", onlyWeekdays: true },
    { amount: 2, unit: "days", time: "09:00" },
    { duration: { amount: 2, unit: "days", skipWeekends: true } },
    { duration: { days: 2 }, hours: 6 },
    { amount: 2, unit: "days", mode: "before_date" },
    { amount: 2, unit: "days", max: 5 },
  ])("that also says something else is not published before somebody decides: %j", (data) => {
    expect(importOf({ type: "delay", data }).errors).toEqual(["undecided"]);
    expect(importOf({ type: "action", data: { actionType: "wait", config: data } }).errors).toEqual(["undecided"]);
  });

  test("until an hour, on some days only, is asked about", () => {
    expect(importOf({ type: "until_time", data: { time: "9:00", weekdays: [1, 2] } }).errors).toEqual(["undecided"]);
  });

  test("within a message is told in its own unit", () => {
    for (const type of ["send_sms", "send_email"]) {
      const { tells, errors } = importOf({ type, data: { ...mail, delay: 30, delayUnit: "days" } });
      expect(tells("choice")).toEqual([expect.stringContaining("30 days")]);
      expect(errors).toEqual(["undecided"]);
    }
  });
});

describe("what else decides who goes on is asked about", () => {
  test.each([
    { type: "condition", data: { negate: true, conditions: [{ field: "email", operator: "exists" }] } },
    { type: "condition", data: { branches: [{ id: "b", negate: true, conditions: [{ field: "email", operator: "exists" }] }] } },
    { type: "condition", data: { branches: [{ id: "b", conditions: [{ field: "email", operator: "exists", forEach: "x" }] }] } },
    { type: "send_sms", data: { message: "x", onlyIf: "tag:vip" } },
    { type: "send_sms", data: { message: "x", sendAt: "09:00" } },
    { type: "add_tag", data: { tag: "x", delayMinutes: 5, delay: 5 } },
    { type: "send_sms", data: { message: "x", leadStatusCheck: { enabled: true, allowedStatuses: ["New"] } } },
    { type: "smart_delay", data: { amount: 2, unit: "days" } },
  ])("%j", (node) => expect(importOf(node).errors).toContain("undecided"));

  test("and how something looks is not", () => {
    const look = { color: "red", icon: "x", __odd: 1, createdAt: "2026-01-01", targetPosition: undefined };
    for (const node of [
      { type: "delay", data: { amount: 2, unit: "days", ...look } },
      { type: "send_sms", data: { message: "x", ...look } },
    ]) {
      const { errors, tells } = importOf(JSON.parse(JSON.stringify(node)));
      expect([errors, tells("choice")]).toEqual([[], []]);
      expect(tells("without_effect").join(" ")).toContain("color");
    }
  });
});
