import { randomUUID } from "node:crypto";
import { PassWork } from "#contract/work-budget.ts";
import type { ChunkSend } from "../execution/chunk.ts";
import type { ExecutionRow } from "../execution/read-rows.ts";
import { ownVariables } from "../flow/freeze-launch.ts";
import { toExecution } from "../pass/read-chunk.ts";
import type { AudienceRow, Standing } from "./audience-rows.ts";
import type { ForecastInput, Stage } from "./stage.ts";
import type { KnownOfContact, Walked } from "./walked.ts";
import { startWalk } from "./walked.ts";

/** A contact of the audience at the beginning of its way. */
export function begin({ send, flow, own }: Stage, row: AudienceRow, begins: number, known: KnownOfContact): Walked {
  const execution = toExecution(toNewExecution(row, send, own), send, { flow, beganAt: begins, work: new PassWork() });
  const { contact } = execution.memory;
  if (contact && row.stopped && row.stopped.length > 0) contact.fields = { ...contact.fields, stopped: row.stopped };
  if (flow.problem === undefined && flow.leadsBack) execution.memory.visitsOf = new Map();
  return startWalk(execution, begins, known);
}

/** The execution as it is enrolled. */
const toNewExecution = (row: AudienceRow, send: ChunkSend, own: Stage["own"]): ExecutionRow => ({
  ...row,
  id: row.contact_id,
  seq: 0,
  send_id: send.id,
  flow_version_id: send.id,
  current_node_id: null,
  visit: 0,
  attempt: 1,
  waiting_for: null,
  wake_at: null,
  cancel_reason: null,
  started_at: null,
  error_message: null,
  ended_reason: null,
  variables: own.size === 0 ? null : ownVariables(own.get(row.contact_id)),
  depth: 0,
  parent_waits: false,
  trigger_data: null,
  reached: false,
  missed: null,
  retried_visit: null,
  seen_publication: null,
  skipped_visit: null,
  moved_visit: null,
});

/** The send as it will be made. */
export const toSend = (
  { sendId, workspaceId, flowId, triggerData, asTest = false }: ForecastInput,
  { workspace, notLaterThan }: Standing,
  { expected, given }: Pick<ChunkSend, "expected" | "given">,
): ChunkSend => ({
  id: sendId?.toLowerCase() ?? randomUUID(),
  workspaceId,
  flowId,
  state: "running",
  isTest: asTest,
  skipsWaits: false,
  holdsRest: false,
  lanes: 1,
  chunkSize: 1,
  expected,
  seenPublication: 0,
  oneByOne: false,
  enrolled: 0,
  enrolledAt: null,
  trigger: triggerData ?? {},
  given,
  traceparent: null,
  workspace,
  notLaterThan: notLaterThan?.getTime() ?? null,
  doubtRules: { sms: "hold", email: "hold" },
});
