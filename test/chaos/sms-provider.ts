import type { OutgoingMessage, Provider, SendResult } from "#channels/channel.ts";

/** With these errors no part of the message can have left, because there was no connection. */
const neverConnected = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"]);

/** Sends to the service in sms-service.ts. A missing or unclear answer is `unknown`, as for every provider. */
export function smsProvider(url: string, concurrency: number): Provider {
  return {
    name: "outside",
    from: "+15550001111",
    concurrency,
    async send({ id, to, text }: OutgoingMessage, { signal }): Promise<SendResult> {
      let response: Response;
      let body: string;
      try {
        const headers = { "content-type": "application/json", "idempotency-key": id };
        response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ id, to, text }), signal });
        body = await response.text();
      } catch (error) {
        const { code } = ((error as Error).cause ?? {}) as { code?: string };
        if (code && neverConnected.has(code)) {
          return { outcome: "rejected", reason: "provider_unavailable", message: `No connection (${code})`, retryable: true };
        }
        return { outcome: "unknown", message: `The message left, and no answer came (${code ?? (error as Error).name})` };
      }
      return toResult(response, body);
    },
  };
}

function toResult(response: Response, body: string): SendResult {
  const { status, headers } = response;
  if (status === 429) {
    const retryAfterMs = Number(headers.get("retry-after")) * 1_000;
    return { outcome: "rejected", reason: "provider_unavailable", message: "Too many requests", retryable: true, retryAfterMs };
  }
  if (status >= 500) return { outcome: "unknown", message: `The provider failed with ${status}` };
  if (status >= 400) return { outcome: "rejected", reason: "provider_rejected", message: `Refused with ${status}`, retryable: false };
  const sid = readSid(body);
  return sid === undefined
    ? { outcome: "unknown", message: `An answer of ${status} that says nothing` }
    : { outcome: "accepted", providerMessageId: sid };
}

function readSid(body: string): string | undefined {
  try {
    const { sid } = JSON.parse(body) as { sid?: unknown };
    return typeof sid === "string" ? sid : undefined;
  } catch {
    return undefined;
  }
}
