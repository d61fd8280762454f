import { expect, test } from "vitest";
import { z } from "zod";
import { defineRoute, member, none } from "./route.ts";
import { type RouteId, routes } from "./routes.ts";

test("a route that names only the necessary answers JSON with 200, takes no fields and no body, and is not audited", () => {
  const { params, query, ...route } = defineRoute({
    method: "GET",
    path: "/api/example",
    tag: "Example",
    summary: "An example",
    auth: member("viewer", "flows:read"),
    response: z.string(),
  });
  expect(route).toMatchObject({ kind: "json", status: 200, bodyLimit: 256 * 1024, audit: null, body: none });
  expect([params, query].map((schema) => schema.safeParse({ unknown: 1 }).success)).toEqual([false, false]);
});

const table = Object.entries(routes) as [RouteId, (typeof routes)[RouteId]][];

test("no two routes have the same method and path", () => {
  const places = table.map(([, { method, path }]) => `${method} ${path.replace(/:\w+/g, ":")}`);
  expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([]);
});

test("every route that changes something or exports what is stored is audited, and no other", () => {
  const odd = table
    // What a provider reports is recorded with the message it is about.
    .filter(([, { auth }]) => auth.kind !== "signature")
    .filter(([, { method, kind, audit, changesNothing }]) => {
      const isFile = kind === "csv" || kind === "zip";
      return ((method === "GET" || changesNothing) && !isFile) !== (audit === null);
    })
    .map(([id]) => id);
  expect(odd).toEqual([]);
});

test("API keys cannot manage members, invitations or other keys", () => {
  const forKeys = table.filter(
    ([, { auth, path }]) => /^\/api\/(members|invitations|api-keys)/.test(path) && auth.kind === "member" && auth.scope !== null,
  );
  expect(forKeys.map(([id]) => id)).toEqual(["listMembers"]);
});

test("every route that takes a filter or a selection of contacts may be heavy", () => {
  const keysOf = (schema: unknown) => Object.keys((schema as { shape?: object }).shape ?? {});
  const takesMany = table.filter(([, { query, body }]) =>
    [...keysOf(query), ...keysOf(body)].some((key) => key === "selection" || key === "filter"),
  );
  expect(takesMany.map(([id]) => id)).toEqual(
    expect.arrayContaining(["createSend", "createBulkJob", "exportSelection", "listContacts", "forecastSend"]),
  );
  expect(takesMany.filter(([, { heavy }]) => heavy === false).map(([id]) => id)).toEqual([]);
});
