import { ErrorBody, type ErrorCode, type Problem } from "#contract/api-errors.ts";

/** The error codes of the API, and two of the client: no answer at all, and an answer that is not the API's. */
export type ClientErrorCode = ErrorCode | "unreachable" | "unreadable_answer";

export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: ClientErrorCode;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly problems: Problem[];
  readonly requestId: string | undefined;
  /** What there is now, where something was changed since it was read here. */
  readonly current: unknown;

  constructor(code: ClientErrorCode, status: number, message: string, problems: Problem[] = [], requestId?: string, current?: unknown) {
    super(message);
    this.code = code;
    this.status = status;
    this.problems = problems;
    this.requestId = requestId;
    this.current = current;
  }

  /** The problem of one field, by its path in the body ("settings.host"). */
  problem(path: string): string | undefined {
    return this.problems.find((problem) => problem.path === path)?.message;
  }
}

export const isApiError = (error: unknown, code?: ClientErrorCode): error is ApiError =>
  error instanceof ApiError && (code === undefined || error.code === code);

export const unreachable = () =>
  new ApiError("unreachable", 0, "The Sluice server does not answer. Check that it is running and that you are connected.");

/** A refusal as the API words it; a proxy's page or a cut-off answer becomes a sentence of ours. */
export function toApiError(status: number, text: string): ApiError {
  const body = ErrorBody.safeParse(parseJson(text));
  if (body.success) {
    const { code, error, problems, requestId, current } = body.data;
    return new ApiError(code, status, error, problems, requestId, current);
  }
  if (status === 502 || status === 503 || status === 504) return unreachable();
  return new ApiError(
    "unreadable_answer",
    status,
    `The answer was not one of Sluice's (HTTP ${status}). Something between you and the server replied.`,
  );
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
