import type { Route } from "#contract/route.ts";
import { toProblems } from "./parse-request.ts";

/** An answer that its own schema does not describe: a bug, found in development and tests instead of by a client. */
export class ResponseMismatch extends Error {
  override name = "ResponseMismatch";
}

/** Also refuses fields the schema does not know: that is how a column nobody meant to publish gets out. */
export function checkResponse(route: Route, answer: unknown): void {
  // As the client will see it: dates as text, undefined gone.
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
