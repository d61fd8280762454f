import { type ErrorCode, errorCodes, type Problem } from "#contract/api-errors.ts";

/**
 * A refusal that the caller can understand and act on. Every other error is a fault of ours and becomes a 500 without
 * details. Where the caller must not be able to tell two cases apart (an id of another workspace and one that does not
 * exist), both use the same function below and get the same sentence.
 */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly problems: Problem[] | undefined;
  /** After how many seconds the caller may try again. */
  readonly retryAfter: number | undefined;
  /** What there is now, where the caller has seen something older. It is answered, so the caller must be allowed to read it. */
  readonly current: unknown;

  constructor(code: ErrorCode, message: string, more: { problems?: Problem[]; retryAfter?: number; current?: unknown } = {}) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.status = errorCodes[code];
    this.problems = more.problems;
    this.retryAfter = more.retryAfter;
    this.current = more.current;
  }
}

const notFoundSentences = {
  not_found: "There is nothing with this id in this workspace.",
  contact_not_found: "There is no such contact in this workspace.",
  flow_not_found: "There is no such flow in this workspace.",
  folder_not_found: "There is no such folder in this workspace.",
  template_not_found: "There is no such template.",
  send_not_found: "There is no such send in this workspace.",
  execution_not_found: "There is no such execution in this workspace.",
  bulk_job_not_found: "There is no such bulk change in this workspace.",
  forecast_not_found: "There is no such forecast in this workspace, or it is not kept any more.",
  message_not_found: "There is no such message in this workspace.",
} as const satisfies Partial<Record<ErrorCode, string>>;
export type NotFoundCode = keyof typeof notFoundSentences;

/** The refusal has the same bytes for an id that does not exist and for one of another workspace. */
export const notFound = (code: NotFoundCode = "not_found"): ApiError => new ApiError(code, notFoundSentences[code]);

export const invalid = (problems: Problem[]): ApiError =>
  new ApiError(
    "invalid_request",
    problems.length === 1
      ? "The request has a problem: correct it and send it again."
      : "The request has several problems: correct them and send it again.",
    { problems },
  );

export const conflict = (
  code: Extract<ErrorCode, "conflict" | "folder_name_taken" | "folder_misplaced" | "last_owner" | "last_instance_admin" | "send_mismatch">,
  message: string,
): ApiError => new ApiError(code, message);

export const refused = (code: ErrorCode, message: string, problems?: Problem[]): ApiError => new ApiError(code, message, { problems });

export const unauthenticated = (message = "Sign in, or send an API key as Authorization: Bearer sk_live_…"): ApiError =>
  new ApiError("unauthenticated", message);

export const forbidden = (message: string): ApiError => new ApiError("forbidden", message);

export const tooManyRequests = (retryAfter: number, message: string): ApiError =>
  new ApiError("too_many_requests", message, { retryAfter });
