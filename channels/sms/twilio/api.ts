import { z } from "zod";
import { guardedRequest } from "../../http/guarded-request.ts";
import { type HttpRules, publicOnly } from "../../http/http-rules.ts";
import { type TwilioRegion, twilioRegions } from "./settings.ts";

/** Who signs in, and where. */
export interface TwilioAccess {
  accountSid: string;
  user: string;
  password: string;
  region: TwilioRegion;
  /** An address of the operator's that stands in for Twilio's own. */
  baseUrl: string | undefined;
}

/** The answer to one call. `mayHaveLeft`: Twilio may have acted on it. */
export type TwilioAnswer =
  | { outcome: "answered"; status: number; body: unknown; retryAfterMs: number | undefined }
  | { outcome: "unanswered"; message: string; mayHaveLeft: boolean };

/** Milliseconds. Twilio itself gives a request up after about 26 seconds. */
const timeoutMs = 30_000;

/** Makes one call to the account. A call with a form is a POST. It is made once and never repeated. */
export async function callTwilio(
  access: TwilioAccess,
  path: string,
  { form, query, signal }: { form?: Record<string, string>; query?: Record<string, string>; signal: AbortSignal },
): Promise<TwilioAnswer> {
  const base = access.baseUrl ?? `https://${twilioRegions[access.region]}`;
  const search = query ? `?${new URLSearchParams(query)}` : "";
  const result = await guardedRequest(
    {
      method: form ? "POST" : "GET",
      url: `${base}/2010-04-01/Accounts/${access.accountSid}${path}${search}`,
      headers: {
        Authorization: `Basic ${Buffer.from(`${access.user}:${access.password}`).toString("base64")}`,
        Accept: "application/json",
        "User-Agent": "Sluice",
        ...(form && { "Content-Type": "application/x-www-form-urlencoded" }),
      },
      ...(form && { body: new URLSearchParams(form).toString() }),
      timeoutMs,
      // A redirect could carry a message to somewhere else.
      followsRedirects: false,
    },
    { rules: rulesFor(access.baseUrl), signal },
  );
  if (result.outcome === "refused") return { outcome: "unanswered", message: result.message, mayHaveLeft: false };
  if (result.outcome !== "answered") return { ...result, outcome: "unanswered" };
  const body = result.unreadable === undefined && !result.isCut ? parseJson(result.body) : undefined;
  return { outcome: "answered", status: result.status, body, retryAfterMs: readSeconds(result.retryAfter) };
}

/** Twilio is on the internet. An address that the operator gave may be anywhere. */
function rulesFor(baseUrl: string | undefined): HttpRules {
  if (baseUrl === undefined) return publicOnly;
  const { port } = new URL(baseUrl);
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

/** A message as Twilio's API gives it. */
export const TwilioMessage = z.object({
  sid: z.string().regex(/^(SM|MM)[0-9a-fA-F]{32}$/),
  status: z.string(),
  to: z.string().nullable(),
  body: z.string().nullable(),
  direction: z.string(),
  date_created: z.string().nullable(),
  error_code: z.number().nullable().optional(),
});
export type TwilioMessage = z.infer<typeof TwilioMessage>;

export const TwilioMessagePage = z.object({ messages: z.array(TwilioMessage), next_page_uri: z.string().nullish() });

/** An error as Twilio's API gives it. */
const Refusal = z.object({ code: z.number().int().optional(), message: z.string().optional() });

/** The code and the words of a refusal; undefined where the body is not one of Twilio's. */
export function readRefusal(body: unknown): { code: number | undefined; message: string | undefined } | undefined {
  const { data } = Refusal.safeParse(body);
  return data && (data.code !== undefined || data.message !== undefined) ? { code: data.code, message: data.message } : undefined;
}
