import { z } from "zod";
import { guardedRequest } from "../../http/guarded-request.ts";
import { type ProviderAnswer, providerRules, toProviderAnswer } from "../../http/provider-answer.ts";
import { type TwilioRegion, twilioRegions } from "./settings.ts";

/** The account that signs in, and the place where it does. */
export interface TwilioAccess {
  accountSid: string;
  user: string;
  password: string;
  region: TwilioRegion;
  /** An address of the operator's that stands in for Twilio's own. */
  baseUrl: string | undefined;
}

/** Milliseconds. Twilio itself gives a request up after about 26 seconds. */
const timeoutMs = 30_000;

/** Makes one call to the account. A call with a form is a POST. It is made once and never repeated. */
export async function callTwilio(
  access: TwilioAccess,
  path: string,
  { form, query, signal }: { form?: Record<string, string>; query?: Record<string, string>; signal: AbortSignal },
): Promise<ProviderAnswer> {
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
    { rules: providerRules(access.baseUrl), signal },
  );
  return toProviderAnswer(result);
}

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
