import type { Request } from "express";
import type { z } from "zod";
import type { Problem } from "#contract/api-errors.ts";
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
  const problems: Problem[] = [];
  const params = parsePart(route.params, { ...req.params }, problems);
  const query = parsePart(route.query, { ...req.query }, problems);
  const body = parsePart(route.body, route.body === none && isEmptyObject(rawBody) ? undefined : rawBody, problems);
  if (problems.length > 0) throw invalid(problems);
  return { params, query, body };
}

function parsePart(schema: z.ZodType, value: unknown, problems: Problem[]): unknown {
  const forbidden = findForbidden(value);
  if (forbidden.length > 0) {
    problems.push(...forbidden);
    return undefined;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  problems.push(...toProblems(parsed.error));
  return undefined;
}

export function toProblems(error: z.ZodError): Problem[] {
  return error.issues.flatMap((issue): Problem[] => {
    const path = issue.path.map(String);
    // Each unknown field is one problem at its own path, where a form or a developer looks for it.
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({ path: [...path, key].join("."), message: "Unknown field" }));
    }
    return [{ path: path.join("."), message: issue.message }];
  });
}

/** Clients that always send a body send `{}` to routes that take none. */
const isEmptyObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
