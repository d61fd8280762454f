import { z } from "zod";
import { ErrorBody } from "#contract/api-errors.ts";
import { none, type Route } from "#contract/route.ts";

export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** The parts of a route as JSON Schema. The OpenAPI document and the page at /api/docs share them. */
export interface RouteSchemas {
  params: JsonSchema;
  query: JsonSchema;
  body: JsonSchema | undefined;
  response: JsonSchema;
}

export function schemasOf(route: Route): RouteSchemas {
  return {
    params: toSchema(route.params, "input"),
    query: toSchema(route.query, "input"),
    body: bodySchema(route),
    response: toSchema(route.response, "output"),
  };
}

function bodySchema(route: Route): JsonSchema | undefined {
  if (route.kind === "raw") return { type: "string" };
  if (route.body === none) return undefined;
  const body = toSchema(route.body, "input");
  if (route.kind !== "upload") return body;
  return { type: "object", properties: { settings: body, file: { type: "string", format: "binary" } }, required: ["settings", "file"] };
}

/**
 * Describes the route table as OpenAPI 3.1. It is made from the table that is mounted, so it cannot differ from the
 * API.
 */
export function describeApi(routes: Record<string, Route>, publicUrl: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [id, route] of Object.entries(routes)) {
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describeRoute(id, route) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Sluice", version: "1", description: introduction },
    servers: [{ url: publicUrl }],
    tags: [...new Set(Object.values(routes).map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Error: toSchema(ErrorBody, "output") },
      parameters: sharedParameters,
      responses: {
        Error: {
          description: "A refusal. `code` is stable, the sentence is not.",
          content: jsonOf({ $ref: "#/components/schemas/Error" }),
        },
      },
      securitySchemes: {
        apiKey: { type: "http", scheme: "bearer", description: "An API key of the workspace: sk_live_…" },
        session: { type: "apiKey", in: "cookie", name: "sluice_session", description: "The cookie of a signed-in person" },
      },
    },
  };
}

function describeRoute(id: string, route: Route): Record<string, unknown> {
  const schemas = schemasOf(route);
  const isMember = route.auth.kind === "member";
  const shared = [...(isMember ? ["WorkspaceId"] : []), ...(takesIdempotencyKey(route) ? ["IdempotencyKey"] : [])];
  return {
    operationId: id,
    tags: [route.tag],
    summary: route.summary,
    description: [route.description, describeAuth(route)].filter(Boolean).join("\n\n"),
    security: securityOf(route),
    parameters: [
      ...parametersOf("path", schemas.params),
      ...parametersOf("query", schemas.query),
      ...shared.map((name) => ({ $ref: `#/components/parameters/${name}` })),
    ],
    ...(schemas.body === undefined ? {} : { requestBody: { required: true, content: { [bodyType(route)]: { schema: schemas.body } } } }),
    responses: {
      [route.status]: { description: "Success", content: { [answerType(route)]: { schema: schemas.response } } },
      default: { $ref: "#/components/responses/Error" },
    },
  };
}

export const takesIdempotencyKey = (route: Route): boolean =>
  route.auth.kind === "member" && route.method === "POST" && (route.kind === "json" || route.kind === "upload") && !route.changesNothing;

export function describeAuth({ auth }: Route): string {
  if (auth.kind === "public") return "Open to everybody.";
  if (auth.kind === "user") return "Needs a signed-in person.";
  if (auth.kind === "instance") return "Needs a signed-in admin of the instance.";
  if (auth.kind === "signature") return "Called by a provider, which signs the request.";
  const key = auth.scope === null ? "API keys cannot use it" : `API keys need the scope \`${auth.scope}\``;
  return `Needs a member with the role ${auth.role} or above. ${key}.`;
}

export function bodyType({ kind }: Route): string {
  const types: Partial<Record<Route["kind"], string>> = { upload: "multipart/form-data", raw: "application/octet-stream" };
  return types[kind] ?? "application/json";
}

export function answerType({ kind }: Route): string {
  const types: Partial<Record<Route["kind"], string>> = {
    sse: "text/event-stream",
    csv: "text/csv",
    zip: "application/zip",
    page: "text/html",
  };
  return types[kind] ?? "application/json";
}

const introduction =
  "Send a flow of messages to contacts and see, step by step, what really happened. Every refusal has one shape: " +
  "`{ success: false, error, code, problems?, requestId }`.";

const sharedParameters = {
  WorkspaceId: {
    name: "X-Workspace-Id",
    in: "header",
    description: "For a signed-in person: which of their workspaces. Without it the one used last. An API key has one workspace.",
    schema: { type: "string" },
  },
  IdempotencyKey: {
    name: "Idempotency-Key",
    in: "header",
    description:
      "Makes the request safe to repeat: the same key with the same request gets the first answer again, with the header Idempotent-Replayed: true. Kept for 48 hours.",
    schema: { type: "string", minLength: 1, maxLength: 255 },
  },
};

function securityOf({ auth }: Route): Record<string, never[]>[] {
  if (auth.kind === "public" || auth.kind === "signature") return [];
  if (auth.kind === "user" || auth.kind === "instance" || auth.scope === null) return [{ session: [] }];
  return [{ apiKey: [] }, { session: [] }];
}

function parametersOf(place: "path" | "query", schema: JsonSchema): Record<string, unknown>[] {
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === "path" || (schema.required ?? []).includes(name),
    schema: property,
  }));
}

function toSchema(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  // Everything is inlined, because references inside one schema would not resolve in the document that contains it.
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    reused: "inline",
    // Answers may gain fields at any time, and a client generated from this document must not refuse them.
    override: ({ jsonSchema }) => {
      if (io === "output" && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  }) as JsonSchema;
  return rest;
}

const jsonOf = (schema: unknown): Record<string, unknown> => ({ "application/json": { schema } });
