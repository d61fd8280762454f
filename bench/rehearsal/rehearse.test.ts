import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDb, type TestDb } from "../../test/db.ts";
import { buildContact, buildFlow, buildWorkspace } from "../../test/factories.ts";
import { chain, graph, node, sms, wait } from "../../test/graphs.ts";

const script = join(import.meta.dirname, "..", "rehearse.ts");

let instance: TestDb;
let workspaceId: string;
let asked = 0;
const outside = createServer((_, response) => {
  asked += 1;
  response.end("{}");
});

const rehearse = (...args: string[]) =>
  promisify(execFile)(process.execPath, [script, ...args], { env: { ...process.env, DATABASE_URL: instance.ownerUrl } });
const refusal = async (...args: string[]) => {
  const { code, stderr } = (await rehearse(...args).catch((error) => error)) as { code: number; stderr: string };
  return { code, stderr };
};

beforeAll(async () => {
  instance = await createTestDb();
  await new Promise<void>((done) => outside.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(outside.address() as AddressInfo).port}/hook`;
  workspaceId = await buildWorkspace(instance.owner);
  await buildContact(instance.owner, workspaceId, { firstname: "Really", email: "really@example.test" });
  const steps = graph(
    [node("start"), sms(), node("webhook", { method: "POST", url }), wait(3 * 86_400), sms("Bye", {}, "later"), node("end")],
    ...["start > sms", "sms > webhook", "webhook:success > delay", "delay > later", "later > end"],
  );
  await buildFlow(instance.owner, workspaceId, steps, "Welcome");
  await buildFlow(instance.owner, await buildWorkspace(instance.owner), chain(node("start"), sms(), node("end")), "Twice");
  await buildFlow(instance.owner, workspaceId, chain(node("start"), sms(), node("end")), "Twice");
});
afterAll(async () => {
  outside.close();
  await instance.drop();
});

describe("a rehearsal", () => {
  test("refuses what it cannot read, with every problem and what to write instead", async () => {
    expect(await refusal()).toMatchObject({ code: 2, stderr: expect.stringContaining("Name the flow.") });
    expect(await refusal("--flwo", "x")).toMatchObject({ code: 2, stderr: expect.stringContaining("--provider-ms") });
    const { code, stderr } = await refusal("--flow", "Welcome", "--contacts", "many", "--provider-ms=-1");
    expect(code).toBe(2);
    expect(stderr).toMatch(/--contacts takes a whole number/);
    expect(stderr).toMatch(/--provider-ms takes a whole number/);
  });

  test("refuses a flow that is not there with those that are, and one of two with their ids", async () => {
    expect(await refusal("--flow", "Wellcome")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/No flow is called "Wellcome".*\n.*Twice/),
    });
    expect(await refusal("--flow", "twice")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/Several flows.*(\n {2}--flow [0-9a-f-]{36}.*){2}/),
    });
  });

  test("runs the stored flow for invented people, calls nobody, says who waits, and leaves the instance as it was", async () => {
    const before = await rowsOf();
    const { stdout } = await rehearse("--flow", "welcome", "--contacts", "300", "--provider-ms", "5");
    expect(stdout).toMatch(/enrolled +300 in/);
    expect(stdout).toMatch(/messages +300 SMS, 0 e-mails/);
    expect(stdout).toMatch(/300 still in the flow/);
    expect(stdout).toMatch(/300 wait at the step "delay" for a moment, until between/);
    expect(asked).toBe(0);
    expect(await rowsOf()).toEqual(before);
  });
});

async function rowsOf(): Promise<unknown> {
  const { rows } = await sql`select (select count(*) from contacts) as contacts, (select count(*) from flow_sends) as sends,
    (select count(*) from messages) as messages, (select count(*) from flow_versions) as versions, (select count(*) from flows) as flows,
    (select count(*) from audit_log) as audits`.execute(instance.owner);
  return rows[0];
}
