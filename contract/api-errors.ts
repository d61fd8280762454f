import { z } from "zod";

/**
 * Every code that an answer of the API may carry, with its HTTP status. Clients decide by the code and never by the
 * sentence, which may be reworded at any time.
 */
export const errorCodes = {
  invalid_request: 400,
  malformed_json: 400,
  unauthenticated: 401,
  wrong_credentials: 401,
  forbidden: 403,
  own_approval: 403,
  workspace_mismatch: 403,
  origin_refused: 403,
  call_not_ours: 403,
  not_found: 404,
  route_not_found: 404,
  contact_not_found: 404,
  flow_not_found: 404,
  folder_not_found: 404,
  template_not_found: 404,
  send_not_found: 404,
  execution_not_found: 404,
  message_not_found: 404,
  bulk_job_not_found: 404,
  forecast_not_found: 404,
  already_claimed: 404,
  method_not_allowed: 405,
  conflict: 409,
  contact_exists: 409,
  flow_name_taken: 409,
  folder_name_taken: 409,
  folder_misplaced: 409,
  flow_archived: 409,
  flow_not_archived: 409,
  flow_in_use: 409,
  draft_changed: 409,
  live_changed: 409,
  moves_needed: 409,
  too_many_versions: 409,
  tests_failed: 409,
  nothing_to_publish: 409,
  consent_withdrawn: 409,
  identity_elsewhere: 409,
  request_in_progress: 409,
  last_owner: 409,
  last_instance_admin: 409,
  send_mismatch: 409,
  send_over: 409,
  awaiting_approval: 409,
  approval_over: 409,
  approval_outdated: 409,
  approval_frozen: 409,
  approval_needed: 409,
  approver_needed: 409,
  start_passed: 409,
  bulk_job_mismatch: 409,
  bulk_job_over: 409,
  bulk_job_running: 409,
  total_changed: 409,
  inputs_changed: 409,
  undo_over: 409,
  nothing_to_retry: 409,
  execution_over: 409,
  wait_changed: 409,
  link_expired: 410,
  body_too_large: 413,
  unsupported_media_type: 415,
  flow_invalid: 422,
  flow_has_no_steps: 422,
  flow_too_large: 422,
  flow_file_invalid: 422,
  idempotency_key_reused: 422,
  import_invalid: 422,
  consent_unclear: 422,
  confirmation_needed: 422,
  nothing_selected: 422,
  values_invalid: 422,
  forecast_too_large: 422,
  not_enrolled: 422,
  send_too_late: 422,
  provider_refused: 422,
  status_not_listed: 422,
  too_many_requests: 429,
  workspace_busy: 429,
  simulator_busy: 429,
  internal: 500,
  provider_unavailable: 502,
  unavailable: 503,
  instance_busy: 503,
  count_took_too_long: 503,
  search_took_too_long: 503,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof errorCodes;

/**
 * One thing that is wrong with a request: `path` is where (dotted, "" for the whole) and `message` says what, in a
 * sentence. Problems of a flow also have a stable `code` (`unknown_field`), the `field` of the node's configuration, and a
 * `suggestion` where a name comes near to one that exists.
 */
export const Problem = z.object({
  path: z.string(),
  message: z.string(),
  code: z.string().optional(),
  field: z.string().optional(),
  suggestion: z.string().optional(),
});
export type Problem = z.infer<typeof Problem>;

/** The one shape of a refusal. `problems` lists everything that is wrong and not only the first thing found. */
export const ErrorBody = z.object({
  success: z.literal(false),
  error: z.string(),
  code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
  problems: z.array(Problem).optional(),
  /** What there is now, where something was changed since the caller saw it: of `draft_changed` the draft, as reading it answers. */
  current: z.unknown().optional(),
  requestId: z.string().optional(),
});
export type ErrorBody = z.infer<typeof ErrorBody>;
