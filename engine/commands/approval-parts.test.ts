import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { beforeEach, describe, expect, test } from "vitest";
import { addMember } from "#db/queries/members.ts";
import { ruleThat } from "#test/approval-rules.ts";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { chain, node, sms } from "#test/graphs.ts";
import { lockSending } from "../enrollment/sent-lately-rows.ts";
import type { Asker, CreateSendInput } from "../send-api.ts";

// The number above which a send needs an approval holds for what a person sends in parts, too.

setUpEngine({ timeZone: "UTC" });

let editor: Asker;
let admin: Asker;
let flowId: string;
const join = async (role: "editor" | "admin", name: string): Promise<Asker> => {
  const personId = randomUUID();
  await addMember(db.owner, { workspaceId, userId: personId, role });
  return { personId, isAdmin: role === "admin", name };
};
beforeEach(async () => {
  editor = await join("editor", "Eve");
  admin = await join("admin", "Ann");
  await join("admin", "Olga");
  await ruleThat({ above: 10 });
  flowId = await buildFlow(db.owner, workspaceId, letter);
});

const letter = chain(node("start"), sms("Hi"), node("end"));
async function send(people: number, { by = editor, ...more }: Partial<CreateSendInput> & { by?: Asker } = {}) {
  const ids = await buildContacts(db.owner, workspaceId, people);
  return sluice.engine.createSend({ ...sendTo(workspaceId, flowId, ids), asker: by, launchedBy: by.personId, ...more });
}
const waits = async (...given: Parameters<typeof send>) => (await send(...given)).awaitsApproval;

describe("a send in parts", () => {
  test("waits from the part with which it is more than the number", async () => {
    expect([await waits(6), await waits(4), await waits(1)]).toEqual([false, false, true]);
    await sluice.run();
  });

  test("waits for whoever presses: keys of the same person count, other people and other flows do not", async () => {
    const keyMember = randomUUID();
    await addMember(db.owner, { workspaceId, userId: keyMember, role: "editor", kind: "key" });
    await db.owner
      .insertInto("api_keys")
      .values({
        id: randomUUID().replaceAll("-", "").slice(0, 8),
        workspace_id: workspaceId,
        member_id: keyMember,
        name: "Shop",
        secret_hash: Buffer.from("x"),
        scopes: ["flows:send"],
        created_by: editor.personId,
        expires_at: new Date(Date.now() + 86_400_000),
      })
      .execute();
    expect(await waits(6, { launchedBy: keyMember })).toBe(false);
    expect(await waits(6, { by: admin })).toBe(false);
    const other = await buildFlow(db.owner, workspaceId, letter);
    expect(await waits(6, { flowId: other })).toBe(false);
    expect(await waits(6)).toBe(true);
    expect(await waits(6, { by: admin })).toBe(true);
    await sluice.run();
  });

  test("waits where all flows count together, also of a copy of the flow", async () => {
    await ruleThat({ above: 10, allFlows: true });
    const copies = [flowId, await buildFlow(db.owner, workspaceId, letter), await buildFlow(db.owner, workspaceId, letter)];
    const asked: boolean[] = [];
    for (const copy of copies) asked.push(await waits(5, { flowId: copy }));
    expect(asked).toEqual([false, false, true]);
    expect(await waits(5, { by: admin })).toBe(false);
    const ids = await buildContacts(db.owner, workspaceId, 1);
    const other = await buildFlow(db.owner, workspaceId, letter);
    const question = { workspaceId, flowId: other, selection: { type: "ids" as const, ids }, oncePerAddress: true };
    expect((await sluice.engine.previewSend({ ...question, asker: editor })).approval).toMatchObject({ lately: 10 });
    await sluice.run();
  });

  test("does not count what is older than an hour, was approved or refused, was undone, or is a test", async () => {
    await send(10, { isTest: true });
    const { sendId } = await send(8, { undoSeconds: 10 });
    await sluice.engine.undoSend({ workspaceId, sendId, actor: { id: null, name: "Eve" } });
    const asked = await send(11);
    expect(asked.awaitsApproval).toBe(true);
    await sluice.engine.refuseSend({ workspaceId, sendId: asked.sendId, actor: { id: admin.personId, name: "Ann" }, comment: "No" });
    expect(await waits(10)).toBe(false);
    expect(await waits(1)).toBe(true);
    await sluice.run();
    sluice.driver.clock.forward(61 * 60_000);
    expect(await waits(10)).toBe(false);
    await sluice.run();
  });

  test("is not judged beside another one of the same person and flow: of two at once one counts the other", async () => {
    const ids = await buildContacts(db.owner, workspaceId, 6);
    const isHeld = async () => {
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted
        and database = (select oid from pg_database where datname = current_database())`.execute(db.owner);
      return (rows[0]?.n ?? 0) > 0;
    };
    let isMade = false;
    const making = await db.owner.transaction().execute(async (tx) => {
      await lockSending(tx, { workspaceId, flowId, personId: editor.personId });
      const input = { ...sendTo(workspaceId, flowId, ids), asker: editor, launchedBy: editor.personId };
      const other = sluice.engine.createSend(input).finally(() => {
        isMade = true;
      });
      await expect.poll(async () => isMade || (await isHeld())).toBe(true);
      expect(isMade).toBe(false);
      return { other };
    });
    expect((await making.other).awaitsApproval).toBe(false);
    expect(await waits(6)).toBe(true);
    await sluice.run();
  });

  test("is told before the press, with how many others could approve it", async () => {
    await send(6);
    const ids = await buildContacts(db.owner, workspaceId, 5);
    const question = { workspaceId, flowId, selection: { type: "ids" as const, ids }, oncePerAddress: true };
    expect((await sluice.engine.previewSend({ ...question, asker: editor })).approval).toEqual({ lately: 6, approvers: 2 });
    expect((await sluice.engine.previewSend({ ...question, asker: admin })).approval).toEqual({ lately: 0, approvers: 1 });
    await sluice.run();
  });
});

describe("the rest of a send", () => {
  const noNumber = { phone_number: null, phone_e164: null };
  /** A send to contacts without a number, who have one now. */
  async function mended(people: number, more: Parameters<typeof send>[1] = {}) {
    const ids: string[] = [];
    for (let n = 0; n < people; n += 1) ids.push(await buildContact(db.owner, workspaceId, noNumber));
    const { sendId } = await send(1, { selection: { type: "ids", ids }, ...more });
    await sluice.run();
    return {
      sendId,
      mend: async () => {
        for (const [n, id] of ids.entries()) {
          const phone = `+1557${2_000_000 + n}`;
          await db.owner.updateTable("contacts").set({ phone_number: phone, phone_e164: phone }).where("id", "=", id).execute();
        }
      },
    };
  }
  const heal = (sendId: string, asker: Asker) =>
    sluice.engine.healSend({ workspaceId, sendId, actor: { id: asker.personId, name: asker.name }, asker });
  const told = async (sendId: string, asker: Asker) => (await sluice.engine.previewHealing({ workspaceId, sendId, asker })).approval;
  const texts = () => sluice.providers.sms.calls.filter((call) => call.workspaceId === workspaceId);

  test("is not sent by who would have to ask for as many, and nothing is begun", async () => {
    const { sendId, mend } = await mended(4);
    await mend();
    await ruleThat({ above: 3 });
    for (const one of [editor, admin]) {
      expect(await told(sendId, one)).toBe("new_send");
      await expect(heal(sendId, one)).rejects.toMatchObject({ code: "approval_needed" });
    }
    await ruleThat({ editors: true });
    expect([await told(sendId, editor), await told(sendId, admin)]).toEqual(["new_send", null]);
    await expect(heal(sendId, editor)).rejects.toMatchObject({ code: "approval_needed" });
    await sluice.run();
    expect(texts()).toEqual([]);
    await heal(sendId, admin);
    await sluice.run();
    expect(texts()).toHaveLength(4);
  });

  test("of an approved send is sent by who might have approved it, and not by who asked", async () => {
    await ruleThat({ above: 3 });
    const { sendId, mend } = await mended(4, { by: admin });
    const approver = await join("admin", "Otto");
    const { hash } = await db.owner.selectFrom("send_approvals").select("hash").where("send_id", "=", sendId).executeTakeFirstOrThrow();
    const by = { actor: { id: approver.personId, name: "Otto" }, personId: approver.personId };
    expect(await sluice.engine.approveSend({ workspaceId, sendId, ...by, hash, comment: null, startNow: false })).toBeNull();
    await sluice.run();
    await mend();
    for (const one of [admin, editor]) {
      expect(await told(sendId, one)).toBe("other_admin");
      await expect(heal(sendId, one)).rejects.toMatchObject({ code: "approval_needed" });
    }
    expect(await told(sendId, approver)).toBeNull();
    await heal(sendId, approver);
    await sluice.run();
    expect(texts()).toHaveLength(4);
  });

  test("counts towards the number: presses on older sends are no way around it either", async () => {
    const old = [await mended(6), await mended(4), await mended(1, { by: admin })];
    sluice.driver.clock.forward(61 * 60_000);
    for (const { mend } of old) await mend();
    await heal(old[0]?.sendId as string, editor);
    await heal(old[1]?.sendId as string, editor);
    await expect(heal(old[2]?.sendId as string, editor)).rejects.toMatchObject({ code: "approval_needed" });
    expect(await waits(1)).toBe(true);
    await sluice.run();
  });
});
