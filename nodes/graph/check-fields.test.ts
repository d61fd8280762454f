import { describe, expect, test } from "vitest";
import type { FlowNode } from "#contract/flows.ts";
import type { NodeDefinition } from "#contract/node-definition.ts";
import { chain, email, node, sms } from "#test/graphs.ts";
import { nodeDefinitions } from "../definitions.ts";
import { judgeName } from "./judge-name.ts";
import { validateFlow } from "./validate-flow.ts";

/** In which order values are set and read is asked elsewhere. */
const problemsOf = (...nodes: FlowNode[]) => validateFlow(chain(node("start"), ...nodes)).filter(({ code }) => code !== "read_before_set");
const told = (...nodes: FlowNode[]) => problemsOf(...nodes).map(({ code, nodeId, field, suggestion }) => [code, nodeId, field, suggestion]);
const inText = (name: string, ...beside: FlowNode[]) => told(sms(`Hi {{ ${name} }}`), ...beside);
const keyed = (one: FlowNode, key: string): FlowNode => ({ ...one, data: { ...one.data, key } });
const variable = (name: string) => node("set_variable", { name, value: "x" }, `set_${name}`);

describe("a name that can never have a value is an error that says the nearest name", () => {
  test.each([
    ["contact.FirstName", "contact.first_name"],
    ["contact.firstName", "contact.first_name"],
    ["contact.First_Name", "contact.first_name"],
    ["contact.LASTNAME", "contact.lastname"],
    ["contact.Email", "contact.email"],
    ["contact.e-mail", "contact.email"],
    ["contact.leadStatus", "contact.lead_status"],
    ["contact.PhoneNumber", "contact.phone_number"],
    ["contact.fristname", "contact.firstname"],
    ["contact.surname", "contact.lastname"],
    ["contact.Mobile", "contact.phone"],
    ["contact.FullName", "contact.full_name"],
    ["contact.email.domain", "contact.email"],
    ["contact.Prénom", "contact.firstname"],
    ["contact.shoe_size", "contact.custom.shoe_size"],
    ["contact.ShoeSize", "contact.custom.shoesize"],
    ['contact["Company Name"]', "contact.custom.company_name"],
    ['contact["会社 名"]', 'contact.custom["会社 名"]'],
    ["FirstName", "first_name"],
    ["Email", "email"],
    ["E-Mail", "email"],
    ["leadStatus", "lead_status"],
    ["workspace.Name", "workspace.name"],
    ["workspace.timeZone", "workspace.name"],
    ["contact", undefined],
    ["contact.metadata", undefined],
    ["contact.custom", undefined],
    ["metadata", undefined],
    ["trigger", undefined],
    ["variables", undefined],
    ["steps", undefined],
    ["workspace", "workspace.name"],
  ])("{{ %s }}: %s", (name, suggestion) => expect(inText(name)).toEqual([["unknown_field", "sms", "text", suggestion]]));

  test("and a variable that no step sets, or a value below one", () => {
    expect(inText("variables.code")).toEqual([["unknown_field", "sms", "text", undefined]]);
    expect(inText("variables.Code", variable("code"))).toEqual([["unknown_field", "sms", "text", "variables.code"]]);
    expect(inText("variables.code.x", variable("code"))).toEqual([["unknown_field", "sms", "text", "variables.code"]]);
  });

  test("and a step without that data key, a result without that value, and a whole result", () => {
    const hook = keyed(node("webhook", { url: "https://example.com/", fields: [{ name: "order_id", path: "id" }] }), "order");
    expect(inText("steps.ordre.status", hook)).toEqual([["unknown_field", "sms", "text", "steps.order.status"]]);
    expect(inText("steps.nothing.status")).toEqual([["unknown_field", "sms", "text", undefined]]);
    expect(inText("steps.order.orderId", hook)).toEqual([["unknown_field", "sms", "text", "steps.order.order_id"]]);
    expect(inText("steps.order.total", hook)).toEqual([["unknown_field", "sms", "text", undefined]]);
    expect(inText("steps.order", hook)).toEqual([["unknown_field", "sms", "text", undefined]]);
  });
});

test("the sentence names the step's type, the place, the name, and what to write", () => {
  expect(problemsOf(sms("Hi {{ contact.FirstName }}"))).toEqual([
    {
      severity: "error",
      code: "unknown_field",
      message: 'Send SMS: text: "contact.FirstName" is not a field of a contact. Did you mean {{ contact.first_name }}?',
      nodeId: "sms",
      field: "text",
      suggestion: "contact.first_name",
      fix: {
        kind: "replace_field",
        label: "Use contact.first_name",
        value: { from: "contact.FirstName", to: "contact.first_name" },
      },
    },
  ]);
  expect(problemsOf(sms("Hi {{ Email }}"))[0]?.message).toContain("If it is a custom field, write {{ custom.Email }}.");
});

test("every problem is told at once: of every node, of every place, of every name, and once for each", () => {
  const text = "{{ contact.FirstName }} {{ contact.FirstName }} {{ contact.LastName | default: 'x' }} {{ nope | eval }} {{ Company Name }}";
  expect(told(email("{{ workspace.zone }}", { text, html: "<b>{{ contact.Phone }}</b>" }), sms("{{ metadata }}"))).toEqual([
    ["bad_merge_field", "email", "text", undefined],
    ["bad_merge_field", "email", "text", "company_name"],
    ["unknown_field", "email", "subject", "workspace.name"],
    ["unknown_field", "email", "text", "contact.first_name"],
    ["unknown_field", "email", "text", "contact.last_name"],
    ["unknown_field", "email", "html", "contact.phone"],
    ["unknown_field", "sms", "text", undefined],
  ]);
});

describe("what only the data knows is allowed", () => {
  test.each([
    ...["firstname", "first_name", "contact.first_name", "full_name", "name", "contact.phone_number", "id", "created_at", "dnc"],
    ...["metadata.anything", "contact.metadata.Any.thing", "custom.plan", 'contact.custom["Company Name"]', "custom['5\" screen']"],
    ...["trigger.order.id", "company_name", "plan", "custom", "workspace.name", 'custom["Email"]', "metadata.FirstName"],
  ])("{{ %s }}", (name) => expect(inText(name)).toEqual([]));

  test("and what the flow sets itself, by its whole and by its bare name", () => {
    expect(inText("variables.code", variable("code"))).toEqual([]);
    expect(inText("FirstName", variable("FirstName"))).toEqual([]);
    const hook = keyed(node("webhook", { url: "https://example.com/", fields: [{ name: "total", path: "a" }] }), "order");
    for (const name of ["status", "total", "duration_ms"]) expect(inText(`steps.order.${name}`, hook), name).toEqual([]);
  });

  test("a bare name near to a field is doubtful, which is a warning: it may be a custom field", () => {
    expect(problemsOf(sms("{{ fristname }} {{ surname }}"))).toMatchObject([
      { severity: "warning", code: "doubtful_field", suggestion: "firstname" },
      { severity: "warning", code: "doubtful_field", suggestion: "lastname" },
    ]);
  });
});

describe("a field that a node names without braces is judged alike", () => {
  const branch = (field: string) => node("condition", { branches: [{ id: "a", tests: [{ field, operator: "is_empty" }] }] });
  const date = (field: string) => node("delay", { mode: "until_date", field });
  const change = (field: string) => node("update_contact", { changes: [{ field, operation: "set", value: "x" }] });
  const goal = (field: string) => node("goal", { tests: [{ field, operator: "is_empty" }] });

  test.each([
    [branch("FirstName"), "branches.0.tests.0.field", "first_name"],
    [branch("contact.leadStatus"), "branches.0.tests.0.field", "lead_status"],
    [branch("Company Name"), "branches.0.tests.0.field", "custom.company_name"],
    [branch("variables.nope"), "branches.0.tests.0.field", undefined],
    [branch("steps.nope.x"), "branches.0.tests.0.field", undefined],
    [goal("LeadStatus"), "tests.0.field", "lead_status"],
    [date("CreatedAt"), "field", "created_at"],
    [date("birthday"), "field", "custom.birthday"],
    [change("LeadStatus"), "changes.0.field", "lead_status"],
    [change("shoe_size"), "changes.0.field", "custom.shoe_size"],
  ])("%#", (one, field, suggestion) => expect(told(one)).toContainEqual(["unknown_field", one.id, field, suggestion]));

  test.each([
    ...[
      branch("first_name"),
      branch('custom["Company Name"]'),
      branch("contact.custom.plan"),
      branch("metadata.plan"),
      branch("trigger.x"),
    ],
    ...[date("custom.birthday"), change("custom.plan"), change('metadata["Company Name"]'), change("first_name"), change("tags")].slice(
      0,
      4,
    ),
  ])("%# is allowed", (one) =>
    expect(told(one)).toEqual(
      one.type === "condition" || one.type === "delay" ? expect.not.arrayContaining([expect.arrayContaining(["unknown_field"])]) : [],
    ),
  );
});

test("names in every place of a webhook are judged, and secrets in headers are not taken for fields", () => {
  const hook = (config: Record<string, unknown>) => told(node("webhook", { url: "https://example.com/", ...config }));
  const header = (value: string) => ({ headers: [{ name: "X-A", value }] });
  expect(hook({ url: "https://example.com/{{ contact.Id }}" })).toEqual([["unknown_field", "webhook", "url", "contact.id"]]);
  expect(hook(header("{{ contact.Email }} {{ secrets.key }}"))).toEqual([["unknown_field", "webhook", "headers.0.value", "contact.email"]]);
  expect(hook(header("{{ secrets.key }}"))).toEqual([]);
  expect(hook({ body: { type: "json", json: '{"a":"{{ contact.Email }}"}' } })).toEqual([
    ["unknown_field", "webhook", "body.json", "contact.email"],
  ]);
  expect(hook({ body: { type: "form", fields: [{ name: "a", value: "{{ contact.Email }}" }] } })).toEqual([
    ["unknown_field", "webhook", "body.fields.0.value", "contact.email"],
  ]);
});

/** A configuration of each type in which every text stands that may hold merge fields. */
const full: Record<string, Record<string, unknown>> = {
  ...Object.fromEntries(
    Object.values(nodeDefinitions as Record<string, NodeDefinition>).map(({ type, defaults }) => [
      type,
      defaults as Record<string, unknown>,
    ]),
  ),
  send_email: { subject: "a", text: "b", html: "c" },
  update_contact: { changes: [{ field: "lead_status", operation: "set", value: "a" }] },
  start_flow: { flowId: "00000000-0000-4000-8000-000000000000", values: [{ name: "a", value: "b" }] },
  webhook: {
    url: "https://example.com/a",
    headers: [{ name: "X-A", value: "b" }],
    body: { type: "json", json: '{"a":"b"}' },
    fields: [{ name: "a", path: "b" }],
  },
};

/** Every way to put a text into one of the places of a configuration that hold one. */
function variations(value: unknown, put: (text: string) => string): { at: string; config: unknown }[] {
  if (typeof value === "string") return [{ at: "", config: put(value) }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    variations(inner, put).map(({ at, config }) => ({
      at: at === "" ? key : `${key}.${at}`,
      config: Array.isArray(value) ? value.map((each, index) => (String(index) === key ? config : each)) : { ...value, [key]: config },
    })),
  );
}

/** Puts a field at the end of a text; in a JSON, in its text. */
const putInto = (text: string, field: string) => (text.endsWith('"}') ? `${text.slice(0, -2)}${field}"}` : text + field);

test.each(Object.entries(full))("every text of %s that holds merge fields is declared, so that its names are judged", (type, config) => {
  const definition = (nodeDefinitions as Record<string, NodeDefinition>)[type] as NodeDefinition;
  const broken = variations(config, (text) => putInto(text, "{{ 5 }}"));
  const templates = broken.filter(({ config: one }) => {
    const { error } = definition.config.safeParse(one);
    return error?.issues.some((issue) => issue.code === "custom" && issue.params?.code === "bad_merge_field");
  });
  for (const { at } of templates) {
    const wrong = variations(config, (text) => putInto(text, "{{ contact.Email }}")).find((each) => each.at === at);
    expect(told(node(type, wrong?.config as Record<string, unknown>, "n")), at).toContainEqual(["unknown_field", "n", at, "contact.email"]);
  }
  const declared = (definition.names?.templates ?? []).length;
  if (declared > 0) expect(templates.length).toBeGreaterThan(0);
});

test("thousands of wrong names are all unknown, and are not all compared with all that are there", () => {
  const variables = Array.from({ length: 200 }, (_, index) => `variable_name_${index}`);
  const searches = { left: 500 };
  const known = { variables: new Set(variables), inputs: new Set<string>(), steps: new Map(), stepKeys: new Set<string>(), searches };
  const verdicts = Array.from({ length: 2_000 }, (_, index) => {
    const source = `variables.varaible_name_${index % 200}`;
    return judgeName(source.split("."), source, known, { isText: true });
  });
  expect(verdicts.every((verdict) => verdict?.code === "unknown_field")).toBe(true);
  expect(verdicts.filter((verdict) => verdict?.suggestion !== undefined)).toHaveLength(500);
});

test("of all steps of a flow together, five hundred wrong names are told with what was meant", () => {
  const wrong = ["varaible", "variabel", "vraiable"].flatMap((word) => Array.from({ length: 200 }, (_, index) => `${word}_name_${index}`));
  const steps = Array.from({ length: 60 }, (_, step) => {
    const names = wrong.slice(step * 10, step * 10 + 10);
    return sms(names.map((name) => `{{ variables.${name} }}`).join(" "), {}, `sms_${step}`);
  });
  const right = Array.from({ length: 200 }, (_, index) => variable(`variable_name_${index}`));
  const unknown = told(...right, ...steps).filter(([code]) => code === "unknown_field");
  expect(unknown).toHaveLength(600);
  expect(unknown.filter(([, , , suggestion]) => suggestion !== undefined)).toHaveLength(500);
});
