import type { z } from "zod";
import type { Reason } from "#contract/reasons.ts";
import type { Filled, HttpAnswer, HttpRequest, NodeContext, NodeExecutor, Outcome } from "#engine/flow/node-executor.ts";
import { call, callAgain, failBy, next } from "#engine/flow/node-executor.ts";
import type { webhook } from "./definition.ts";
import { splitHeader } from "./headers.ts";
import { hasDotSegment } from "./url-template.ts";

type Config = z.output<(typeof webhook)["config"]>;
type Context = NodeContext<Config>;

const longestWaitMs = 24 * 3600 * 1000;

/** The call is made at least once. The engine repeats it with the same idempotency key until an answer counts or no try is left. */
export const executeWebhook: NodeExecutor<typeof webhook> = (context) => {
  if (context.answer) return judge(context, context.answer);
  try {
    return call(toRequest(context));
  } catch (error) {
    if (!(error instanceof CannotFill)) throw error;
    return failBy("error", error.reason, error.message, { fields: error.fields });
  }
};

/** A value is missing, or cannot stand where it is used. The call is not made. */
class CannotFill extends Error {
  readonly reason: Reason;
  readonly fields: readonly string[];
  constructor(reason: Reason, message: string, fields: readonly string[] = []) {
    super(message);
    this.reason = reason;
    this.fields = fields;
  }
}

function toRequest({ config, fill }: Context): HttpRequest {
  const { method, timeLimitSeconds, body } = config;
  const url = need(fill(config.url, "url"));
  if (hasDotSegment(url)) throw new CannotFill("unsafe_value", 'A value of the address is "." or "..", which would lead to another path.');
  const headers = config.headers.map(({ name, value }) => ({
    name,
    value: splitHeader(value).map((piece) => ("secret" in piece ? piece : need(fill(piece.text, "header")))),
  }));
  const pick = Object.fromEntries(config.fields.map(({ name, path }) => [name, path]));
  const common = { method, url, headers, timeLimitSeconds, pick };
  if (body.type === "json") return { ...common, body: need(fill(body.json, "json")), contentType: "application/json" };
  if (body.type === "form") {
    const form = new URLSearchParams();
    for (const { name, value } of body.fields) form.append(name, need(fill(value)));
    return { ...common, body: form.toString(), contentType: "application/x-www-form-urlencoded" };
  }
  return common;
}

function need(filled: Filled): string {
  if (filled.text !== undefined) return filled.text;
  if (filled.missing) {
    throw new CannotFill("template_missing_value", `These merge fields have no value: ${filled.missing.join(", ")}.`, filled.missing);
  }
  if (filled.problem === "unsafe_value") throw new CannotFill("unsafe_value", "A value cannot stand in a header.");
  throw new CannotFill(filled.problem === "too_long" ? "message_too_long" : "internal", "The webhook could not be filled in.");
}

function judge({ config, now }: Context, { answer, tries }: NonNullable<Context["answer"]>): Outcome {
  const { retry } = config;
  const output = { attempts: tries, duration_ms: answer.durationMs, ...(answer.outcome === "answered" && said(answer)) };
  if (answer.outcome === "refused") return failBy("error", "call_refused", answer.message, output);
  const isAnswer = answer.outcome === "answered";
  if (isAnswer && isAmong(config.expect, answer.status)) {
    if (answer.fields) return next("success", { ...answer.fields, ...output });
    return failBy(
      "error",
      "answer_unreadable",
      "The answer is not JSON, or is longer than a mebibyte, and its fields cannot be read.",
      output,
    );
  }
  const reason = isAnswer ? "call_failed" : answer.outcome === "timeout" ? "call_timeout" : "call_unreachable";
  const message = isAnswer ? `The webhook answered with ${answer.status}.` : answer.message;
  const mayRepeat = !isAnswer || isAmong(retry.codes, answer.status);
  if (!mayRepeat || tries >= retry.tries) return failBy("error", reason, message, output);
  const growing = retry.firstSeconds * 1000 * 3 ** (tries - 1);
  const waitMs = Math.min((isAnswer ? answer.retryAfterMs : undefined) ?? growing, longestWaitMs);
  return callAgain(new Date(now.getTime() + Math.max(waitMs, 1_000)), reason, message, output);
}

const said = ({ status, excerpt }: Extract<HttpAnswer, { outcome: "answered" }>) => ({
  status,
  ...(excerpt !== "" && { answer: excerpt }),
});

const isAmong = (wanted: Config["expect"], status: number) =>
  wanted.some((one) => (typeof one === "number" ? one === status : Math.trunc(status / 100) === Number(one[0])));
