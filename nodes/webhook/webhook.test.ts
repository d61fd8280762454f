import { describe, expect, test } from "vitest";
import type { HttpAnswer } from "#engine/flow/node-executor.ts";
import type { ContextValues } from "#test/node-context.ts";
import { nodeContext } from "#test/node-context.ts";
import { webhook } from "./definition.ts";
import { executeWebhook } from "./executor.ts";

const base = { url: "https://api.example.com/orders" };
const parse = (config: Record<string, unknown> = {}) => webhook.config.safeParse({ ...base, ...config });
const run = (config: Record<string, unknown> = {}, more: Partial<ContextValues<unknown>> = {}) =>
  executeWebhook(nodeContext({ ...more, config: webhook.config.parse({ ...base, ...config }) }));
const requestOf = (...given: Parameters<typeof run>) => {
  const outcome = run(...given);
  if (outcome.type !== "call") throw new Error(`It said ${JSON.stringify(outcome)}`);
  return outcome.request;
};
const json = (text: string) => ({ body: { type: "json", json: text } });

describe("refuses", () => {
  test.each([
    ...["", "example.com", "ftp://example.com/", "https://", "https:// example.com/", "https://user:pw@example.com/", "https://a@b/"],
    ...["https://{{ metadata.host }}/", "https://{{ metadata.host }}.example.com/", "https://example.com:{{ metadata.port }}/"],
    ...[
      "https://example.com{{ metadata.x }}",
      "{{ metadata.url }}",
      "https://example.com\\@evil.com/",
      "https://example.com/#{{ firstname }}",
    ],
    ...["https://example.com/{{ secrets.key }}", "https://example.com/{{ firstname", `https://example.com/${"x".repeat(2000)}`],
  ])("the address %s", (url) => expect(parse({ url }).success).toBe(false));

  test.each([
    ...["Host", "content-length", "Transfer-Encoding", "Connection", "Cookie", "Idempotency-Key", "X Y", "", "X:Y", "X\r\nY", "Ä"],
  ])("a header named %j", (name) => expect(parse({ headers: [{ name, value: "x" }] }).success).toBe(false));

  test.each(["a\r\nb", "a\nb", "\u0000", "{{ secrets. }}", "{{ secrets.a.b }}", "{{ secrets.key | upcase }}", "日本"])(
    "the value %j of a header",
    (value) => expect(parse({ headers: [{ name: "X-A", value }] }).success).toBe(false),
  );

  test.each(["", "{", '{ "name": {{ firstname }} }', "{{ firstname }}", '{ "key": "{{ secrets.key }}" }', '{ "a": "{{ firstname" }'])(
    "the body %s",
    (text) => expect(parse(json(text)).success).toBe(false),
  );

  test("a GET with a body, two headers or fields of one name, fields that are there anyway, and paths that are none", () => {
    const header = { name: "X-A", value: "1" };
    for (const bad of [
      { method: "GET", ...json("{}") },
      { method: "TRACE" },
      { headers: [header, { ...header, name: "x-a" }] },
      {
        fields: [
          { name: "a", path: "b" },
          { name: "a", path: "c" },
        ],
      },
      ...["status", "attempts", "A", "__proto__", ""].map((name) => ({ fields: [{ name, path: "a" }] })),
      ...["", ".", "a..b", "a b", Array(11).fill("a").join(".")].map((path) => ({ fields: [{ name: "a", path }] })),
      { timeLimitSeconds: 11 },
      { retry: { tries: 11 } },
      { retry: { tries: 0 } },
      { expect: [] },
      { expect: [99] },
      { anything: 1 },
    ]) {
      expect(parse(bad).success, JSON.stringify(bad)).toBe(false);
    }
  });
});

test("fills in the address so that a value stays one piece of the path or query", () => {
  const url = "https://api.example.com/people/{{ metadata.id }}?name={{ firstname }}";
  const request = requestOf({ url }, { contact: { firstname: "A&b=c#d é", metadata: { id: "../admin?x=1" } } });
  expect(request.url).toBe("https://api.example.com/people/..%2Fadmin%3Fx%3D1?name=A%26b%3Dc%23d%20%C3%A9");
});

test.each(["..", "."])("calls nothing where the value %s would lead to another path", (id) => {
  expect(run({ url: "https://api.example.com/people/{{ metadata.id }}/delete" }, { contact: { metadata: { id } } })).toMatchObject({
    type: "fail",
    exit: "error",
    reason: "unsafe_value",
  });
});

test("a value in a JSON body is a text and nothing else, whatever it holds", () => {
  const contact = { firstname: '", "admin": true, "x": "\\\n' };
  const { body, contentType } = requestOf(json('{ "name": "{{ firstname }}", "to": ["{{ email }}"] }'), { contact });
  expect(JSON.parse(body ?? "")).toEqual({ name: contact.firstname, to: ["ada@example.test"] });
  expect(contentType).toBe("application/json");
});

test("a form is escaped as forms are", () => {
  const fields = [
    { name: "name", value: "{{ firstname }}" },
    { name: "to", value: "x" },
  ];
  const { body } = requestOf({ body: { type: "form", fields } }, { contact: { firstname: "a&to=b" } });
  expect([...new URLSearchParams(body)]).toEqual([
    ["name", "a&to=b"],
    ["to", "x"],
  ]);
});

test("secrets stay names until somebody calls; a value of two lines in a header is refused", () => {
  const headers = [
    { name: "Authorization", value: "Bearer {{ secrets.billing_key }}" },
    { name: "X-Who", value: "{{ firstname }}" },
  ];
  expect(requestOf({ headers }).headers).toEqual([
    { name: "Authorization", value: ["Bearer ", { secret: "billing_key" }] },
    { name: "X-Who", value: ["Ada"] },
  ]);
  expect(run({ headers }, { contact: { firstname: "a\r\nX-Evil: 1" } })).toMatchObject({ type: "fail", reason: "unsafe_value" });
});

test("a merge field without a value is an error, and nothing is called", () => {
  expect(run(json('{ "plan": "{{ metadata.plan }}" }'))).toMatchObject({
    type: "fail",
    exit: "error",
    reason: "template_missing_value",
    output: { fields: ["metadata.plan"] },
  });
  expect(requestOf(json('{ "plan": "{{ metadata.plan | default: "" }}" }'.replaceAll('"" }}', "'' }}"))).body).toBe('{ "plan": "" }');
});

describe("an answer", () => {
  const answered = (status: number, more: Partial<Extract<HttpAnswer, { outcome: "answered" }>> = {}): HttpAnswer => ({
    outcome: "answered",
    status,
    excerpt: "",
    fields: {},
    retryAfterMs: undefined,
    durationMs: 12,
    ...more,
  });
  const failed = (outcome: "refused" | "unreachable" | "timeout"): HttpAnswer => ({ outcome, message: "No", durationMs: 12 });
  const judge = (answer: HttpAnswer, config: Record<string, unknown> = {}, tries = 1) =>
    run(config, { waited: true, answer: { answer, tries } });

  test("that was expected goes on with what was wanted of it", () => {
    expect(judge(answered(201, { excerpt: "ok", fields: { order: "7", status: "theirs" } }), {}, 2)).toEqual({
      type: "next",
      exit: "success",
      output: { order: "7", status: 201, answer: "ok", attempts: 2, duration_ms: 12 },
    });
    expect(judge(answered(404), { expect: [404, "2xx"] })).toMatchObject({ exit: "success" });
  });

  test("that was not expected is an error at once, unless it is one of those that repeat", () => {
    expect(judge(answered(404))).toMatchObject({
      type: "fail",
      exit: "error",
      reason: "call_failed",
      output: { status: 404, attempts: 1 },
    });
    expect(judge(answered(301))).toMatchObject({ type: "fail" });
    for (const status of [408, 425, 429, 500, 503, 599]) expect(judge(answered(status)).type, String(status)).toBe("call_again");
    expect(judge(answered(500), { retry: { codes: [429] } })).toMatchObject({ type: "fail" });
    expect(judge(answered(404), { retry: { codes: [404] } })).toMatchObject({ type: "call_again" });
  });

  test("that did not come is tried again; what was refused is not", () => {
    expect(judge(failed("timeout"))).toMatchObject({ type: "call_again", reason: "call_timeout" });
    expect(judge(failed("unreachable"))).toMatchObject({ type: "call_again", reason: "call_unreachable" });
    expect(judge(failed("refused"))).toMatchObject({ type: "fail", reason: "call_refused", message: "No" });
  });

  test("is waited for three times as long after every try, and no more after the last", () => {
    const untils = [1, 2, 3].map((tries) => (judge(answered(500), {}, tries) as { until: Date }).until.toISOString());
    expect(untils).toEqual(["2026-11-22T12:00:10.000Z", "2026-11-22T12:00:30.000Z", "2026-11-22T12:01:30.000Z"]);
    expect(judge(answered(500), {}, 4)).toMatchObject({ type: "fail", reason: "call_failed" });
    expect(judge(answered(500), { retry: { tries: 1 } })).toMatchObject({ type: "fail" });
  });

  test("that says when to come back is believed, up to a day", () => {
    expect(judge(answered(429, { retryAfterMs: 90_000 }))).toMatchObject({ until: new Date("2026-11-22T12:01:30Z") });
    expect(judge(answered(429, { retryAfterMs: 0 }))).toMatchObject({ until: new Date("2026-11-22T12:00:01Z") });
    expect(judge(answered(429, { retryAfterMs: 9e9 }))).toMatchObject({ until: new Date("2026-11-23T12:00:00Z") });
  });

  test("that is no JSON although fields are wanted is an error, and is not repeated", () => {
    expect(judge(answered(200, { fields: undefined }))).toMatchObject({ type: "fail", exit: "error", reason: "answer_unreadable" });
  });
});
