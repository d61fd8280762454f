import type { Request } from "express";
import type { z } from "zod";
import type { Problem } from "#contract/api-errors.ts";
import { sayIssueToCaller } from "#contract/issue-words.ts";
import { none, type Route } from "#contract/route.ts";
import { invalid } from "./errors.ts";
import { findForbidden } from "./json-limits.ts";

export interface ParsedRequest {
  params: unknown;
  query: unknown;
  body: unknown;
}

/**
 * Checks all three parts and refuses with everything that is wrong in any of them, so that people can correct all of it
 * at once.
 */
export function parseRequest(route: Route, req: Request, rawBody: unknown): ParsedRequest {
  const problems = unknownCondition(route, req);
  const params = parsePart(route.params, { ...req.params }, problems);
  const query = parsePart(route.query, { ...req.query }, problems);
  const body = parsePart(route.body, route.body === none && isEmptyObject(rawBody) ? undefined : rawBody, problems);
  if (problems.length > 0) throw invalid(problems);
  return { params, query, body };
}

/** "*" asks only that there is something, which every route asks too. */
function unknownCondition(route: Route, req: Request): Problem[] {
  const condition = req.get("if-match")?.trim();
  if (condition === undefined || condition === "*" || route.method === "GET" || route.knowsIfMatch) return [];
  const message =
    "This call writes whatever was written since. Leave the header out, or change a flow by its draft, which keeps revisions.";
  return [{ path: "If-Match", message }];
}

function parsePart(schema: z.ZodType, value: unknown, problems: Problem[]): unknown {
  const forbidden = findForbidden(value);
  if (forbidden.length > 0) {
    problems.push(...forbidden);
    return undefined;
  }
  const parsed = schema.safeParse(value, { error: sayIssueToCaller });
  if (parsed.success) return parsed.data;
  problems.push(...toProblems(parsed.error));
  return undefined;
}

/** So many problems of a request are told. A list may hold hundreds of thousands of wrong values, and nobody reads as many. */
const mostTold = 200;

export function toProblems(error: z.ZodError): Problem[] {
  const problems: Problem[] = [];
  for (const issue of error.issues) {
    const path = issue.path.map(String);
    // Each unknown field is one problem at its own path, where a form or a developer looks for it.
    const more = issue.code === "unrecognized_keys" ? issue.keys.slice(0, mostTold) : [undefined];
    for (const key of more) {
      if (problems.length >= mostTold) return problems;
      problems.push(
        key === undefined ? { path: path.join("."), message: issue.message } : { path: [...path, key].join("."), message: "Unknown field" },
      );
    }
  }
  return problems;
}

/** Clients that always send a body send `{}` to routes that take none. */
const isEmptyObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
