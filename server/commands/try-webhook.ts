import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { WebhookTrial, WebhookTrialQuestion } from "#contract/webhook-trials.ts";
import type { HttpAnswer, Outcome } from "#engine/flow/node-executor.ts";
import { webhook } from "#nodes/webhook/definition.ts";
import type { Resources } from "../compose/resources.ts";
import { ApiError } from "../http/errors.ts";
import { requireMaySend } from "./require-may-send.ts";

/** Characters of an answer that are shown. A running flow reads all of it, up to a mebibyte. */
const longestShown = 100_000;

interface TryWebhook {
  workspaceId: string;
  question: z.output<typeof WebhookTrialQuestion>;
  signal: AbortSignal;
  /** Says for the audit log where the call went. */
  note(entry: { subjectId: string; details: Record<string, unknown> }): void;
}

/**
 * Makes the call of a webhook step once, for one contact: the executor that runs in a flow says what is called and judges
 * the answer, and the client of running flows calls.
 */
export async function tryWebhook(
  { engine, ownerDb, callWebhook }: Pick<Resources, "engine" | "ownerDb" | "callWebhook">,
  { workspaceId, question, signal, note }: TryWebhook,
): Promise<WebhookTrial> {
  const { flowId, node, contactId: who, values } = question;
  if (node.type !== webhook.type) throw new ApiError("not_found", "This step calls no address.");
  const { contactId, contactName, context, execute } = await engine.previewStep({ workspaceId, flowId, node, who, values });
  const nothing = { contactId, contactName, status: null, durationMs: 0, headers: [], body: "", isCut: false };
  const filled = execute(context);
  if (filled.type !== "call") {
    note({ subjectId: flowId, details: { called: false } });
    return { ...nothing, outcome: "not_filled", sent: null, exit: exitOf(filled), ...whyNot(filled) };
  }
  await requireMaySend(ownerDb);
  const { request } = filled;
  const idempotencyKey = `try:${randomUUID()}`;
  const { answer, sentHeaders, headers, body, isCut } = await callWebhook(workspaceId, request, { idempotencyKey, signal });
  const { host } = new URL(request.url);
  note({ subjectId: flowId, details: { method: request.method, host, outcome: answer.outcome, ...statusOf(answer) } });
  return {
    ...nothing,
    outcome: answer.outcome,
    message: answer.outcome === "answered" ? null : answer.message,
    missing: [],
    sent: { method: request.method, url: request.url, headers: [...sentHeaders], body: request.body ?? null },
    status: answer.outcome === "answered" ? answer.status : null,
    durationMs: answer.durationMs,
    headers: [...headers],
    body: body.slice(0, longestShown).toWellFormed(),
    isCut: isCut || body.length > longestShown,
    exit: exitOf(execute({ ...context, waited: true, answer: { answer, tries: 1 } })),
  };
}

const statusOf = (answer: HttpAnswer) => (answer.outcome === "answered" ? { status: answer.status } : {});

/** The exit by which a contact goes on; null where the call is made again first. */
const exitOf = (outcome: Outcome): string | null =>
  outcome.type === "next" ? (outcome.exit ?? "success") : outcome.type === "fail" ? outcome.exit : null;

function whyNot(outcome: Outcome): { message: string | null; missing: string[] } {
  if (outcome.type !== "fail") return { message: null, missing: [] };
  const fields = outcome.output?.fields;
  return { message: outcome.message, missing: Array.isArray(fields) ? fields.map(String) : [] };
}
