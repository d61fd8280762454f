import type { HttpResult } from "./guarded-request.ts";
import { type HttpRules, publicOnly } from "./http-rules.ts";

/** The answer of a provider's API to one call. `mayHaveLeft`: the provider may have acted on the call. */
export type ProviderAnswer =
  | { outcome: "answered"; status: number; body: unknown; retryAfterMs: number | undefined; header(name: string): string | undefined }
  | { outcome: "unanswered"; message: string; mayHaveLeft: boolean };

/** A provider is on the internet. An address that the operator gave in its place may be anywhere. */
export function providerRules(standIn: string | undefined): HttpRules {
  if (standIn === undefined) return publicOnly;
  const { port } = new URL(standIn);
  return { allowPrivateHosts: true, extraPorts: port === "" ? [] : [Number(port)] };
}

/** Reads what came of a call. `body` is undefined where it is no JSON, or was cut off. */
export function toProviderAnswer(result: HttpResult): ProviderAnswer {
  if (result.outcome === "refused") return { outcome: "unanswered", message: result.message, mayHaveLeft: false };
  if (result.outcome !== "answered") return { ...result, outcome: "unanswered" };
  const found = new Map(result.headers.map(({ name, value }) => [name.toLowerCase(), value]));
  return {
    outcome: "answered",
    status: result.status,
    body: result.unreadable === undefined && !result.isCut ? parseJson(result.body) : undefined,
    retryAfterMs: readSeconds(result.retryAfter),
    header: (name) => found.get(name.toLowerCase()),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const readSeconds = (header: string | undefined) => (header && /^\d{1,6}$/.test(header.trim()) ? Number(header) * 1_000 : undefined);
