import type { Route } from "#contract/route.ts";
import { toProblems } from "./parse-request.ts";

/**
 * An answer that does not match its own schema. This is a bug, and development and tests find it before a client does.
 */
export class ResponseMismatch extends Error {
  override name = "ResponseMismatch";
}

/** Fields that the schema does not know are refused too. They are how a column gets published by mistake. */
export function checkResponse(route: Route, answer: unknown): void {
  // The answer is compared as the client will see it: dates are text, and undefined fields are gone.
  const sent: unknown = answer === undefined ? undefined : JSON.parse(JSON.stringify(answer));
  const parsed = route.response.safeParse(sent);
  const problems = parsed.success
    ? unknownFields(sent, parsed.data, []).map((path) => `${path}: not in the schema`)
    : toProblems(parsed.error).map(({ path, message }) => `${path}: ${message}`);
  if (problems.length === 0) return;
  throw new ResponseMismatch(`${route.method} ${route.path} answered something its schema does not describe: ${problems.join("; ")}`);
}

function unknownFields(sent: unknown, known: unknown, path: string[]): string[] {
  if (typeof sent !== "object" || sent === null || typeof known !== "object" || known === null) return [];
  return Object.entries(sent).flatMap(([key, value]) => {
    const inside = [...path, key];
    return Object.hasOwn(known, key) ? unknownFields(value, (known as Record<string, unknown>)[key], inside) : [inside.join(".")];
  });
}
