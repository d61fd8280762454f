import { guardedRequest } from "../http/guarded-request.ts";
import { type HttpRules, publicOnly } from "../http/http-rules.ts";

/** The answer of a mail provider's API to one call. `mayHaveLeft`: it may have acted on the call. */
export type MailApiAnswer =
  | { outcome: "answered"; status: number; body: unknown; retryAfterMs: number | undefined; header(name: string): string | undefined }
  | { outcome: "unanswered"; message: string; mayHaveLeft: boolean };

const timeoutMs = 20_000;

/** Makes one call and never repeats it. `standIn`: an address of the operator's that takes the place of the provider's own. */
export async function callMailApi(
  { address, standIn, key }: { address: string; standIn: string | undefined; key: string },
  path: string,
  { json, headers = {}, signal }: { json?: unknown; headers?: Record<string, string>; signal: AbortSignal },
): Promise<MailApiAnswer> {
  const result = await guardedRequest(
    {
      method: json === undefined ? "GET" : "POST",
      url: `${standIn ?? address}${path}`,
      headers: {
        Authorization: `Bearer ${key}`,
        Accept: "application/json",
        "User-Agent": "Sluice",
        ...(json !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
      timeoutMs,
      // A redirect could carry a message to somewhere else.
      followsRedirects: false,
    },
    { rules: rulesFor(standIn), signal },
  );
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

/** The provider is on the internet. An address that the operator gave may be anywhere. */
function rulesFor(standIn: string | undefined): HttpRules {
  if (standIn === undefined) return publicOnly;
  const { port } = new URL(standIn);
  return { allowPrivateHosts: true, extraPorts: port === "" ? [] : [Number(port)] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const readSeconds = (header: string | undefined) => (header && /^\d{1,6}$/.test(header.trim()) ? Number(header) * 1_000 : undefined);
