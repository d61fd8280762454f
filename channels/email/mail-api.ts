import { guardedRequest } from "../http/guarded-request.ts";
import { type ProviderAnswer, providerRules, toProviderAnswer } from "../http/provider-answer.ts";

const timeoutMs = 20_000;

/** Makes one call and never repeats it. `standIn`: an address of the operator's that takes the place of the provider's own. */
export async function callMailApi(
  { address, standIn, key }: { address: string; standIn: string | undefined; key: string },
  path: string,
  { json, headers = {}, signal }: { json?: unknown; headers?: Record<string, string>; signal: AbortSignal },
): Promise<ProviderAnswer> {
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
    { rules: providerRules(standIn), signal },
  );
  return toProviderAnswer(result);
}
