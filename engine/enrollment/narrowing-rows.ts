import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import { allTests } from "#contract/field-tests.ts";
import { type Narrowing, reasonsOfNarrowing } from "#contract/who-not.ts";
import { executionsOf, messagesOf, writtenBy } from "#db/queries/rows-of-contact.ts";
import { matchesGroup } from "#db/queries/test-group-filter.ts";
import { uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import { EngineRefusal } from "../base/refusal.ts";
import { isCountedOrRehearsed } from "../execution/counted-rows.ts";

interface Narrowed {
  workspaceId: string;
  flowId: string;
  narrowing?: Narrowing | undefined;
}

/**
 * Whom a send leaves out, as cases of an expression, the contact named by its id. What the person asked for is told before what they
 * left to chance: the condition first. `meets` asks the condition of this contact.
 */
export function leftOut(
  { workspaceId, flowId, narrowing }: Narrowed,
  contactId: RawBuilder<string>,
  meets: (condition: NonNullable<Narrowing["condition"]>) => RawBuilder<unknown>,
  clock: Clock,
): RawBuilder<unknown>[] {
  const { exclude, condition } = narrowing ?? {};
  const reasons = reasonsOfNarrowing;
  const ago = (days: number) => sql`${clock.now} - ${days}::int * interval '1 day'`;
  const executions = (which: RawBuilder<unknown>, since?: RawBuilder<unknown>) => sql`exists (
    select from ${executionsOf(contactId, since)} join flow_sends s on s.id = e.send_id
    where e.workspace_id = ${workspaceId} and not s.is_test and ${which})`;
  const cases: RawBuilder<unknown>[] = [];
  const leave = (isLeftOut: RawBuilder<unknown>, reason: string) => cases.push(sql`when ${isLeftOut} then ${sql.lit(reason)}`);
  if (exclude?.contacts) leave(sql`${contactId} = any(${uuidArray(exclude.contacts)}::uuid[])`, reasons.contacts);
  if (condition) leave(sql`not ${meets(condition)}`, reasons.condition);
  if (exclude?.hereDays !== undefined) leave(executions(sql`e.flow_id = ${flowId}::uuid`, ago(exclude.hereDays)), reasons.hereDays);
  if (exclude?.inAnotherFlow)
    leave(executions(sql`e.flow_id <> ${flowId}::uuid and e.status in ('pending', 'running')`), reasons.inAnotherFlow);
  if (exclude?.messagedDays !== undefined)
    leave(
      sql`exists (select from ${messagesOf(contactId, ago(exclude.messagedDays))} where ${isCountedOrRehearsed(workspaceId)})`,
      reasons.messagedDays,
    );
  if (exclude?.silentDays !== undefined)
    leave(
      sql`not exists (select from ${writtenBy(contactId, ago(exclude.silentDays))} where i.workspace_id = ${workspaceId})`,
      reasons.silentDays,
    );
  return cases;
}

/** Whether it matters who is in a flow. Then entrances are judged one after the other: of this flow, or of all of the workspace. */
export const asksAboutFlows = (narrowing: Narrowing | undefined): "workspace" | "flow" | undefined =>
  narrowing?.exclude?.inAnotherFlow ? "workspace" : narrowing?.exclude?.hereDays !== undefined ? "flow" : undefined;

/** @throws EngineRefusal invalid_request where a test of the condition cannot be asked of all contacts at once */
export function refuseUnaskable({ condition }: Narrowing): void {
  const asked = condition && matchesGroup(condition);
  if (!condition || !Array.isArray(asked)) return;
  const fields = [...new Set(asked.map(({ test }) => `${test.field} ${test.operator}`))];
  const all = allTests(condition.tests).length;
  throw new EngineRefusal(
    "invalid_request",
    `${fields.length} of the ${all} tests of "condition" cannot be asked of all contacts at once: ${fields.join(", ")}. Use an operator by which contacts can be filtered too.`,
  );
}
