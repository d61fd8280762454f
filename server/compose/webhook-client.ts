import { DateTime } from "luxon";
import type { LookUp } from "#channels/host-look-up.ts";
import { guardedRequest, type HttpResult } from "#channels/http/guarded-request.ts";
import type { HttpRules } from "#channels/http/http-rules.ts";
import { pickFields } from "#channels/http/pick-fields.ts";
import type { TrialHeader } from "#contract/webhook-trials.ts";
import type { Db } from "#db/client.ts";
import { createSecretBox } from "#db/secret-box.ts";
import type { WebhookClient } from "#engine/effects/webhook-calls.ts";
import type { HttpAnswer, HttpHeader, HttpRequest } from "#engine/flow/node-executor.ts";
import { readSecrets, SecretWithheld, withoutSecrets } from "./webhook-secrets.ts";

/** Bytes of an answer that are shown in the history. */
const longestExcerpt = 2 * 1024;

interface ClientOptions {
  db: Db;
  masterKey: Buffer;
  previousMasterKeys?: readonly Buffer[];
  rules: HttpRules;
  lookUp?: LookUp;
}

/** A call as it was made, for a person who looks on. Nothing here holds a secret. */
export interface WebhookCall {
  answer: HttpAnswer;
  /** What was sent. A secret stands there by its name. */
  sentHeaders: readonly TrialHeader[];
  headers: readonly TrialHeader[];
  body: string;
  isCut: boolean;
}
export type CallWebhookWhole = (...call: Parameters<WebhookClient>) => Promise<WebhookCall>;

/** Calls the address of a webhook step, and tells of it what a flow needs. */
export function createWebhookClient(options: ClientOptions): WebhookClient {
  const callWhole = createWholeWebhookClient(options);
  return async (...call) => (await callWhole(...call)).answer;
}

/**
 * Calls the address of a webhook step. It fills the workspace's secrets into the headers and removes them from the
 * answer, so that the history never shows a secret. A redirect to another origin carries none of these headers.
 */
export function createWholeWebhookClient({ db, rules, lookUp, ...options }: ClientOptions): CallWebhookWhole {
  const box = createSecretBox(options.masterKey, ...(options.previousMasterKeys ?? []));

  return async (workspaceId, request, { idempotencyKey, signal }) => {
    const begun = performance.now();
    const openHeaders = {
      "User-Agent": "Sluice",
      Accept: "application/json, */*;q=0.5",
      "Idempotency-Key": idempotencyKey,
      ...(request.contentType && { "Content-Type": request.contentType }),
    };
    const own = new Set(request.headers.map(({ name }) => name.toLowerCase()));
    const sentHeaders = [
      ...request.headers.map(({ name, value }) => ({ name, value: write(value, (secret) => `{{ secrets.${secret} }}`) })),
      ...Object.entries(openHeaders).flatMap(([name, value]) => (own.has(name.toLowerCase()) ? [] : [{ name, value }])),
    ];
    const nothing = { sentHeaders, headers: [], body: "", isCut: false };
    let secrets: ReadonlyMap<string, string>;
    try {
      secrets = await readSecrets({ db, box, rules }, workspaceId, request);
    } catch (error) {
      if (!(error instanceof SecretWithheld)) throw error;
      return { ...nothing, answer: { outcome: "refused", message: error.message, durationMs: 0 } };
    }
    const headers = Object.fromEntries(
      request.headers.map(({ name, value }) => [name, write(value, (secret) => secrets.get(secret) ?? "")]),
    );
    const { method, url, body, timeLimitSeconds } = request;
    const result = await guardedRequest(
      { method, url, headers, openHeaders, body, timeoutMs: timeLimitSeconds * 1_000 },
      { rules, lookUp, signal },
    );
    const durationMs = Math.round(performance.now() - begun);
    if (result.outcome !== "answered") return { ...nothing, answer: { outcome: result.outcome, message: result.message, durationMs } };
    const clean = (text: string) => withoutSecrets(text, secrets.values());
    const said = clean(result.body);
    return {
      sentHeaders,
      headers: result.headers.map(({ name, value }) => ({
        name: clean(name),
        // A session that the other side opened is nobody's business here.
        value: name.toLowerCase() === "set-cookie" ? "•••" : clean(value),
      })),
      body: said,
      isCut: result.isCut,
      answer: toAnswer(result, said, request, durationMs),
    };
  };
}

const write = (value: HttpHeader["value"], secret: (name: string) => string): string =>
  value.map((part) => (typeof part === "string" ? part : secret(part.secret))).join("");

type Answered = Extract<HttpResult, { outcome: "answered" }>;
const toAnswer = (result: Answered, body: string, { pick }: HttpRequest, durationMs: number): HttpAnswer => ({
  outcome: "answered",
  status: result.status,
  durationMs,
  retryAfterMs: readRetryAfter(result.retryAfter),
  excerpt: Buffer.from(body)
    .subarray(0, longestExcerpt)
    .toString("utf8")
    .replace(/\ufffd$/, ""),
  fields: result.unreadable === undefined || Object.keys(pick).length === 0 ? pickFields(body, pick) : undefined,
});

/** The Retry-After header in milliseconds. It holds seconds or a date in one of the HTTP formats. */
function readRetryAfter(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1_000;
  const date = DateTime.fromHTTP(text);
  return date.isValid ? Math.max(0, date.diffNow().toMillis()) : undefined;
}
