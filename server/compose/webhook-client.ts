import { DateTime } from "luxon";
import type { LookUp } from "#channels/host-look-up.ts";
import { guardedRequest, type HttpResult } from "#channels/http/guarded-request.ts";
import type { HttpRules } from "#channels/http/http-rules.ts";
import { pickFields } from "#channels/http/pick-fields.ts";
import type { Db } from "#db/client.ts";
import { createSecretBox } from "#db/secret-box.ts";
import type { WebhookClient } from "#engine/effects/webhook-calls.ts";
import type { HttpAnswer, HttpRequest } from "#engine/flow/node-executor.ts";
import { readSecrets, SecretWithheld, withoutSecrets } from "./webhook-secrets.ts";

/** Bytes of an answer that are shown in the history. */
const longestExcerpt = 2 * 1024;

/**
 * Calls the address of a webhook step. It fills the workspace's secrets into the headers and removes them from the
 * answer, so that the history never shows a secret. A redirect to another origin carries none of these headers.
 */
export function createWebhookClient(options: {
  db: Db;
  masterKey: Buffer;
  previousMasterKeys?: readonly Buffer[];
  rules: HttpRules;
  lookUp?: LookUp;
}): WebhookClient {
  const { db, rules, lookUp } = options;
  const box = createSecretBox(options.masterKey, ...(options.previousMasterKeys ?? []));

  return async (workspaceId, request, { idempotencyKey, signal }) => {
    const begun = performance.now();
    let secrets: ReadonlyMap<string, string>;
    try {
      secrets = await readSecrets({ db, box, rules }, workspaceId, request);
    } catch (error) {
      if (error instanceof SecretWithheld) return { outcome: "refused", message: error.message, durationMs: 0 };
      throw error;
    }
    const headers = Object.fromEntries(
      request.headers.map(({ name, value }) => [
        name,
        value.map((part) => (typeof part === "string" ? part : (secrets.get(part.secret) ?? ""))).join(""),
      ]),
    );
    const openHeaders = {
      "User-Agent": "Sluice",
      Accept: "application/json, */*;q=0.5",
      "Idempotency-Key": idempotencyKey,
      ...(request.contentType && { "Content-Type": request.contentType }),
    };
    const { method, url, body, timeLimitSeconds } = request;
    const result = await guardedRequest(
      { method, url, headers, openHeaders, body, timeoutMs: timeLimitSeconds * 1_000 },
      { rules, lookUp, signal },
    );
    return toAnswer(result, request, secrets.values(), Math.round(performance.now() - begun));
  };
}

function toAnswer(result: HttpResult, { pick }: HttpRequest, secrets: Iterable<string>, durationMs: number): HttpAnswer {
  if (result.outcome !== "answered") return { outcome: result.outcome, message: result.message, durationMs };
  const body = withoutSecrets(result.body, secrets);
  return {
    outcome: "answered",
    status: result.status,
    durationMs,
    retryAfterMs: readRetryAfter(result.retryAfter),
    excerpt: Buffer.from(body)
      .subarray(0, longestExcerpt)
      .toString("utf8")
      .replace(/\ufffd$/, ""),
    fields: result.unreadable === undefined || Object.keys(pick).length === 0 ? pickFields(body, pick) : undefined,
  };
}

/** The Retry-After header in milliseconds. It holds seconds or a date in one of the HTTP formats. */
function readRetryAfter(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1_000;
  const date = DateTime.fromHTTP(text);
  return date.isValid ? Math.max(0, date.diffNow().toMillis()) : undefined;
}
