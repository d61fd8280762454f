import { sql } from "kysely";
import { z } from "zod";
import { Expectation, type FlowTest, type FlowTestInput, FlowTestResult, FlowTestScript } from "#contract/flow-tests.ts";
import type { Db, Tx } from "../client.ts";
import { displayName } from "./contact-rows.ts";

interface OfFlow {
  workspaceId: string;
  flowId: string;
}

interface OfTest {
  workspaceId: string;
  id: string;
}

/** The tests of a flow, the oldest first. */
export async function listFlowTests(db: Db, { workspaceId, flowId }: OfFlow): Promise<FlowTest[]> {
  const rows = await testRows(db, workspaceId).where("t.flow_id", "=", flowId).orderBy("t.created_at").orderBy("t.id").execute();
  return rows.map(toFlowTest);
}

export async function findFlowTest(db: Db, { workspaceId, id }: OfTest): Promise<FlowTest | undefined> {
  const row = await testRows(db, workspaceId).where("t.id", "=", id).executeTakeFirst();
  return row && toFlowTest(row);
}

export async function countFlowTests(db: Db, { workspaceId, flowId }: OfFlow): Promise<number> {
  const { many } = await db
    .selectFrom("flow_tests")
    .select(({ fn }) => fn.countAll<number>().as("many"))
    .where("workspace_id", "=", workspaceId)
    .where("flow_id", "=", flowId)
    .executeTakeFirstOrThrow();
  return Number(many);
}

/** @param test.contactId the contact that is walked, or that was copied into the script */
export async function insertFlowTest(
  tx: Tx,
  { workspaceId, flowId, test, by }: OfFlow & { test: NewTest; by: { id: string; name: string } },
): Promise<string> {
  const { id } = await tx
    .insertInto("flow_tests")
    .values({
      workspace_id: workspaceId,
      flow_id: flowId,
      contact_id: test.contactId,
      name: test.name,
      script: JSON.stringify(test.script),
      expect: JSON.stringify(test.expect),
      created_by: by.id,
      created_by_name: by.name,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}
type NewTest = Pick<FlowTestInput, "name" | "script" | "expect"> & { contactId: string | null };

/** What was found of what the test expected before says nothing of what it expects now. */
export async function writeFlowTest(
  tx: Tx,
  { workspaceId, id, name, expect }: OfTest & { name?: string | undefined; expect?: readonly Expectation[] | undefined },
): Promise<void> {
  await tx
    .updateTable("flow_tests")
    .set({
      updated_at: sql`now()`,
      ...(name !== undefined && { name }),
      ...(expect !== undefined && { expect: JSON.stringify(expect), last_result: null }),
    })
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .execute();
}

export async function deleteFlowTest(tx: Tx, { workspaceId, id }: OfTest): Promise<void> {
  await tx.deleteFrom("flow_tests").where("workspace_id", "=", workspaceId).where("id", "=", id).execute();
}

export async function saveTestResults(
  tx: Tx,
  { workspaceId, results }: { workspaceId: string; results: readonly { testId: string; result: FlowTestResult }[] },
): Promise<void> {
  if (results.length === 0) return;
  await sql`
    update flow_tests t set last_result = r.result
    from jsonb_to_recordset(${JSON.stringify(results)}::jsonb) as r ("testId" uuid, result jsonb)
    where t.workspace_id = ${workspaceId} and t.id = r."testId"`.execute(tx);
}

const testRows = (db: Db, workspaceId: string) =>
  db
    .selectFrom("flow_tests as t")
    // A flow in the bin is one that does not exist, and so are its tests.
    .innerJoin("flows as f", (join) => join.onRef("f.workspace_id", "=", "t.workspace_id").onRef("f.id", "=", "t.flow_id"))
    .leftJoin("private.contact_names as c", (join) =>
      join.onRef("c.workspace_id", "=", "t.workspace_id").onRef("c.id", "=", "t.contact_id"),
    )
    .select(["t.id", "t.flow_id", "t.name as test_name", "t.script", "t.expect", "t.last_result", "t.created_at", "t.created_by_name"])
    .select(["c.id as contact_id", "c.name", "c.firstname", "c.lastname"])
    .where("t.workspace_id", "=", workspaceId)
    .where("f.deleted_at", "is", null);

function toFlowTest(row: Awaited<ReturnType<ReturnType<typeof testRows>["execute"]>>[number]): FlowTest {
  const { name, firstname, lastname } = row;
  return {
    id: row.id,
    flowId: row.flow_id,
    name: row.test_name,
    script: FlowTestScript.parse(row.script),
    expect: z.array(Expectation).parse(row.expect),
    contactName: row.contact_id === null ? null : displayName({ name, firstname: firstname ?? "", lastname: lastname ?? "" }),
    lastResult: row.last_result === null ? null : FlowTestResult.parse(row.last_result),
    createdAt: row.created_at.toISOString(),
    createdByName: row.created_by_name,
  };
}
