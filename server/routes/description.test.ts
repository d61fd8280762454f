import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes } from "#contract/routes.ts";
import { startTestApp, type TestApp } from "#test/app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

/** Every value under this key, at any depth. */
function valuesOf(key: string, value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [...(name === key ? [inner] : []), ...valuesOf(key, inner)]);
}

describe("/api/openapi.json", () => {
  // biome-ignore lint/suspicious/noExplicitAny: a document of many shapes, looked into here and there.
  let document: any;
  beforeAll(async () => {
    document = (await app.nobody.get("/api/openapi.json")).body;
  });

  test("describes every route of the table and nothing else", () => {
    const described = Object.entries(document.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const declared = Object.values(routes).map(({ method, path }) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, "{$1}")}`);
    expect(described.toSorted()).toEqual(declared.toSorted());
  });

  test("is OpenAPI 3.1 whose references all lead somewhere", () => {
    expect(document.openapi).toBe("3.1.0");
    const references = valuesOf("$ref", document) as string[];
    expect(references.length).toBeGreaterThan(10);
    for (const reference of references) {
      const target = reference
        .slice(2)
        .split("/")
        .reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], document);
      expect([reference, typeof target]).toEqual([reference, "object"]);
    }
  });

  test("declares every parameter of every path, and who may call", () => {
    for (const [path, methods] of Object.entries(
      document.paths as Record<string, Record<string, { parameters: { in?: string; name?: string }[]; security: object[] }>>,
    )) {
      for (const operation of Object.values(methods)) {
        const named = operation.parameters.filter((parameter) => parameter.in === "path").map(({ name }) => `{${name}}`);
        expect(named).toEqual(path.match(/\{\w+\}/g) ?? []);
        expect(Array.isArray(operation.security)).toBe(true);
      }
    }
    expect(document.paths["/api/sends"].post.security).toEqual([{ apiKey: [] }, { session: [] }]);
    expect(document.paths["/api/api-keys"].post.security).toEqual([{ session: [] }]);
    expect(document.paths["/api/health"].get.security).toEqual([]);
  });

  test("says of a body what the server checks: fields, limits, and that unknown ones are refused", () => {
    const { schema } = document.paths["/api/unified-workflow/execute-for-contact"].post.requestBody.content["application/json"];
    expect(schema.required).toEqual(["workflowId", "contactId"]);
    expect(schema.properties.contactId.format).toBe("uuid");
    expect(schema.additionalProperties).toBe(false);
    expect(document.paths["/api/sends"].post.parameters).toContainEqual({ $ref: "#/components/parameters/IdempotencyKey" });
  });
});

describe("/api/docs", () => {
  let html: string;
  beforeAll(async () => {
    const { status, text, headers } = await app.nobody.get("/api/docs");
    expect([status, headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    html = text;
  });

  test("shows every route, the founding document's first, each with a curl example", () => {
    for (const [id, route] of Object.entries(routes)) {
      expect(html).toContain(`<section id="${id}"`);
      expect(html).toContain(`<code>${route.path}</code>`);
    }
    const sections = [...html.matchAll(/<section id="(\w+)"/g)].map(([, id]) => id);
    expect(sections.slice(0, 3)).toEqual(["executeForContact", "executeWorkflow", "executeFlow"]);
    expect(html.match(/curl /g)?.length).toBe(Object.keys(routes).length);
  });

  test("has no script and loads nothing", () => {
    expect(html).not.toMatch(/<script|javascript:|\son\w+=|<img|<link|@import|url\(/i);
  });

  test("gives an example that works as it stands, but for its ids and its key", async () => {
    const block = html.slice(html.indexOf('id="executeForContact"')).match(/<pre tabindex="0"><code>(curl[\s\S]*?)<\/code>/)?.[1] as string;
    const body = /-d '(.*)'/.exec(block.replaceAll("&quot;", '"').replaceAll("&#39;", "'"))?.[1] as string;
    const key = await app.ours.key(["flows:send"]);
    const { body: answer } = await key.request("POST", "/api/unified-workflow/execute-for-contact", { raw: body });
    expect(answer.code).toBe("contact_not_found");
  });
});
