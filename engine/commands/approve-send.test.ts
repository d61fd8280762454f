import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { beforeEach, describe, expect, test } from "vitest";
import { addMember } from "#db/queries/members.ts";
import { ruleThat } from "#test/approval-rules.ts";
import { eraseAtOnce, sendTo } from "#test/engine.ts";
import { db, restartEngine, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { chain, graph, node, sms } from "#test/graphs.ts";
import { publishGraph } from "#test/publish.ts";
import { onBreakPoint, SimulatedCrash } from "../base/break-point.ts";
import { requeueLostSends } from "../schedule/dead-workers.ts";
import type { Asker, CreateSendInput } from "../send-api.ts";

setUpEngine({ timeZone: "UTC" });

const everyone: CreateSendInput["selection"] = { type: "filter", filter: { tests: [] }, excluded: [] };
let editor: Asker;
let admin: Asker;
let other: Asker;
beforeEach(async () => {
  const join = async (role: "editor" | "admin" | "owner", name: string): Promise<Asker> => {
    const personId = randomUUID();
    await addMember(db.owner, { workspaceId, userId: personId, role });
    return { personId, isAdmin: role !== "editor", name };
  };
  editor = await join("editor", "Eve");
  admin = await join("admin", "Ann");
  other = await join("owner", "Olga");
  await ruleThat({ above: 5, editors: true });
});

const readSend = (id: string) => db.owner.selectFrom("flow_sends").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
const readApproval = (id: string) => db.owner.selectFrom("send_approvals").selectAll().where("send_id", "=", id).executeTakeFirstOrThrow();
const texts = () => sluice.providers.sms.calls.filter((call) => call.workspaceId === workspaceId);
const as = ({ personId, name }: Asker) => ({ actor: { id: personId, name }, personId });
const letter = chain(node("start"), sms("Hi"), node("end"));

interface Asked {
  people?: number;
  by?: Asker;
  more?: Partial<CreateSendInput>;
}

async function ask({ people = 10, by = editor, more = {} }: Asked = {}) {
  const ids = await buildContacts(db.owner, workspaceId, people);
  const flowId = await buildFlow(db.owner, workspaceId, letter);
  const made = await sluice.engine.createSend({ ...sendTo(workspaceId, flowId, ids), asker: by, launchedBy: by.personId, ...more });
  return { ...made, ids, flowId };
}

async function approve(sendId: string, by: Asker = admin, more: { hash?: string; startNow?: boolean } = {}) {
  const { hash } = await readApproval(sendId);
  return sluice.engine.approveSend({ workspaceId, sendId, ...as(by), hash, comment: null, startNow: false, ...more });
}
const control = (sendId: string, by: Asker = editor) => ({ workspaceId, sendId, actor: { id: by.personId, name: by.name } });
const acts = async (sendId: string) =>
  (await db.owner.selectFrom("audit_log").select("action").where("subject_id", "=", sendId).orderBy("id").execute()).map(
    ({ action }) => action,
  );
const notices = (sendId: string) =>
  db.owner.selectFrom("notices").select(["kind", "detail", "to_user", "to_admins"]).where("send_id", "=", sendId).orderBy("id").execute();
const skips = async (sendId: string) => {
  const { rows } = await sql<{ reason: string; n: number }>`
    select reason, count(*)::int as n from flow_send_skips where send_id = ${sendId}::uuid group by 1`.execute(db.owner);
  return rows;
};

describe("which sends wait", () => {
  test.each([
    ["one of an editor, whatever their number", { people: 1, by: () => editor }, true],
    ["one of an admin to more than the number", { people: 6, by: () => admin }, true],
    ["not one of an admin to just the number", { people: 5, by: () => admin }, false],
    ["not a test", { people: 10, by: () => editor, more: { isTest: true } }, false],
  ])("%s", async (_, { people, by, ...rest }, waits) => {
    const { sendId, awaitsApproval } = await ask({ people, by: by(), ...rest });
    expect(awaitsApproval).toBe(waits);
    if (waits)
      expect(await readSend(sendId)).toMatchObject({ state: "awaiting_approval", expected: people, enrolled: 0, enrolled_at: null });
    else expect((await readSend(sendId)).state).not.toBe("awaiting_approval");
    await sluice.run();
  });

  test("none where nothing is set, and none of a caller who is not asked about", async () => {
    await ruleThat({});
    expect((await ask()).awaitsApproval).toBe(false);
    await ruleThat({ editors: true });
    const { flowId, ids } = await ask();
    expect((await sluice.engine.createSend(sendTo(workspaceId, flowId, ids))).awaitsApproval).toBe(false);
    await sluice.run();
  });

  test("one that nobody could ever approve is refused, and nothing is made", async () => {
    await db.owner.deleteFrom("workspace_members").where("user_id", "=", other.personId).execute();
    await expect(ask({ by: admin })).rejects.toMatchObject({ code: "approver_needed" });
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from flow_sends where workspace_id = ${workspaceId}`.execute(
      db.owner,
    );
    expect(rows).toEqual([{ n: 0 }]);
    // An editor's is approved by the one admin.
    expect((await ask()).awaitsApproval).toBe(true);
  });
});

describe("while it waits", () => {
  test("nothing of it is enrolled or sent, however long, and admins are told", async () => {
    const { sendId } = await ask({ more: { selection: everyone } });
    await sluice.run();
    sluice.driver.clock.forward(3_600_000);
    await requeueLostSends({ db: db.owner, driver: sluice.driver });
    await sluice.lookAfter();
    await sluice.run();
    expect(texts()).toEqual([]);
    expect(await readSend(sendId)).toMatchObject({ state: "awaiting_approval", enrolled: 0, not_enrolled: 0 });
    expect(await notices(sendId)).toEqual([{ kind: "approval_asked", detail: null, to_user: null, to_admins: true }]);
    expect(await acts(sendId)).toEqual(["send.ask"]);
  });

  test("the same request again is the same ask", async () => {
    const sendId = randomUUID();
    const { ids, flowId } = await ask({ more: { sendId } });
    const again = await sluice.engine.createSend({
      ...sendTo(workspaceId, flowId, ids),
      asker: editor,
      launchedBy: editor.personId,
      sendId,
    });
    expect(again).toMatchObject({ sendId, created: false, awaitsApproval: true, executionId: null });
    expect(await acts(sendId)).toEqual(["send.ask"]);
  });

  test("it cannot be paused, resumed or planned anew, and there is nothing to retry", async () => {
    const { sendId } = await ask();
    for (const command of ["pauseSend", "resumeSend"] as const)
      await expect(sluice.engine[command](control(sendId))).rejects.toMatchObject({ code: "awaiting_approval" });
    for (const asker of [editor, admin])
      await expect(sluice.engine.rescheduleSend({ ...control(sendId), asker, patch: { start: null } })).rejects.toMatchObject({
        code: "awaiting_approval",
      });
    await expect(sluice.engine.retry({ workspaceId, sendId })).rejects.toMatchObject({ code: "nothing_to_retry" });
  });

  test.each([
    ["stopSend", "stopped", "send_stopped"],
    ["undoSend", "undone", "undone"],
  ] as const)("%s withdraws it: nobody can approve it any more, and everybody is told as not enrolled", async (command, state, reason) => {
    const { sendId } = await ask();
    expect(await sluice.engine[command](control(sendId))).toMatchObject({ sent: 0, stopped: 0, inFlight: 0 });
    await sluice.run();
    expect(await readSend(sendId)).toMatchObject({ state, enrolled: 0, not_enrolled: 10, ended_at: expect.any(Date) });
    expect(await skips(sendId)).toEqual([{ reason, n: 10 }]);
    expect(await readApproval(sendId)).toMatchObject({ state: "withdrawn", decided_by_name: "Eve" });
    expect(await notices(sendId)).toEqual([]);
    await expect(approve(sendId)).rejects.toMatchObject({ code: "approval_over", message: "This send was withdrawn by Eve." });
    expect(await acts(sendId)).toEqual(["send.ask", "send.withdraw"]);
  });
});

describe("approving", () => {
  test("lets everybody be enrolled and the messages leave, and tells who asked", async () => {
    const { sendId } = await ask();
    expect(await approve(sendId)).toBeNull();
    await sluice.run();
    expect(texts()).toHaveLength(10);
    expect(await readSend(sendId)).toMatchObject({ state: "done", enrolled: 10, completed: 10 });
    expect(await readApproval(sendId)).toMatchObject({ state: "approved", decided_by: admin.personId, decided_by_name: "Ann" });
    expect(await notices(sendId)).toEqual([{ kind: "approval_decided", detail: "approved", to_user: editor.personId, to_admins: false }]);
  });

  test("means whoever matches the filter then, also those who came while it waited", async () => {
    const { sendId } = await ask({ people: 40, more: { selection: everyone } });
    await buildContacts(db.owner, workspaceId, 2);
    expect(await approve(sendId)).toBeNull();
    await sluice.run();
    expect(await readSend(sendId)).toMatchObject({ state: "done", enrolled: 42 });
  });

  test("is not for who asked, whatever their role", async () => {
    const { sendId } = await ask({ by: admin });
    await expect(approve(sendId, admin)).rejects.toMatchObject({ code: "own_approval" });
    expect(await approve(sendId, other)).toBeNull();
    await sluice.run();
  });

  test("is of what was looked at: another hash is refused", async () => {
    const { sendId } = await ask();
    await expect(approve(sendId, admin, { hash: "another" })).rejects.toMatchObject({ code: "approval_outdated" });
    expect((await readSend(sendId)).state).toBe("awaiting_approval");
  });

  test("lets the few of a canary begin and no more, and is of the canary's terms too", async () => {
    const canary = { contacts: 2, percent: null, minutes: 15, failurePercent: 2, optOutPercent: 0.5 };
    const looser = await ask({ more: { canary } });
    await sql`update send_canaries set failure_percent = 50 where send_id = ${looser.sendId}::uuid`.execute(db.owner);
    expect(await approve(looser.sendId)).not.toBeNull();
    expect((await readSend(looser.sendId)).state).toBe("awaiting_approval");
    const { sendId } = await ask({ more: { canary } });
    expect(await approve(sendId)).toBeNull();
    await sluice.run();
    expect((await readSend(sendId)).state).toBe("canary");
    expect(texts()).toHaveLength(2);
  });

  test("is of the flows that the flow starts too: one that was changed meanwhile sends it back", async () => {
    const child = await buildFlow(db.owner, workspaceId, letter);
    const parent = await buildFlow(
      db.owner,
      workspaceId,
      graph([node("start"), node("start_flow", { flowId: child }), node("end")], "start > start_flow", "start_flow:started > end"),
    );
    const ids = await buildContacts(db.owner, workspaceId, 10);
    const { sendId } = await sluice.engine.createSend({ ...sendTo(workspaceId, parent, ids), asker: editor });
    await publishGraph(db.owner, sluice, { workspaceId, flowId: child, graph: chain(node("start"), sms("Something else"), node("end")) });
    expect(await approve(sendId)).toMatchObject({ because: "flow_changed" });
    expect((await readSend(sendId)).state).toBe("awaiting_approval");
    expect(await approve(sendId)).toBeNull();
    await sluice.run();
  });

  test("is refused where the rest of a canary would be too late", async () => {
    const canary = { contacts: 2, percent: null, minutes: 30, failurePercent: 2, optOutPercent: 0.5 };
    const { sendId } = await ask({ more: { canary } });
    await sql`update flow_sends set not_later_than = now() + interval '10 minutes' where id = ${sendId}::uuid`.execute(db.owner);
    await expect(approve(sendId)).rejects.toMatchObject({ code: "send_too_late" });
  });

  test("by two at once: one wins, the other is told who did", async () => {
    const { sendId } = await ask();
    const both = await Promise.allSettled([approve(sendId, admin), approve(sendId, other)]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const [lost] = both.filter((one) => one.status === "rejected");
    const winner = (await readApproval(sendId)).decided_by_name;
    expect(lost?.reason).toMatchObject({ code: "approval_over", message: `${winner} has approved this send already.` });
    await sluice.run();
    expect(texts()).toHaveLength(10);
  });

  test("and refusing at once: one of them is the answer, and the messages follow it", async () => {
    const { sendId } = await ask();
    const refuse = sluice.engine.refuseSend({ ...control(sendId, other), comment: "No" });
    const both = await Promise.allSettled([approve(sendId, admin), refuse]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await sluice.run();
    const { state } = await readApproval(sendId);
    expect(texts()).toHaveLength(state === "approved" ? 10 : 0);
  });

  test("a process that dies right after loses nothing, and neither does a lost job", async () => {
    const { sendId } = await ask();
    onBreakPoint((point) => {
      if (point === "send-approved") throw new SimulatedCrash();
    });
    await expect(approve(sendId)).rejects.toThrow(SimulatedCrash);
    onBreakPoint(undefined);
    await sql`delete from private.inline_jobs`.execute(db.owner);
    await restartEngine();
    sluice.driver.clock.forward(11_000);
    await requeueLostSends({ db: db.owner, driver: sluice.driver });
    await sluice.run();
    expect(texts()).toHaveLength(10);
    expect(await readSend(sendId)).toMatchObject({ state: "done", enrolled: 10 });
  });

  test("values of single contacts wait with the send, go with an erased contact, and stand nowhere once they are enrolled", async () => {
    const graph = chain(
      node("start", { inputs: [{ name: "seat", label: "Seat", type: "text", required: false }] }),
      sms("Seat {{ input.seat }}"),
      node("end"),
    );
    const flowId = await buildFlow(db.owner, workspaceId, graph);
    const ids = await buildContacts(db.owner, workspaceId, 21);
    const contactValues = ids.map((contactId, index) => ({ contactId, values: { seat: `S${index}` } }));
    const { sendId } = await sluice.engine.createSend({ ...sendTo(workspaceId, flowId, ids), asker: editor, contactValues });
    await eraseAtOnce(sluice, { workspaceId, ids: [ids[0] as string] });
    expect(Object.keys((await readApproval(sendId)).own_values as object)).toHaveLength(20);
    expect(await approve(sendId)).toBeNull();
    await sluice.run();
    expect(texts().map(({ text }) => text)).toContain("Seat S5");
    expect((await readApproval(sendId)).own_values).toBeNull();
  });
});

describe("refusing", () => {
  test("ends it with the reason, for who asked and for each contact", async () => {
    const { sendId } = await ask();
    await sluice.engine.refuseSend({ ...control(sendId, admin), comment: "Wrong week" });
    await sluice.run();
    expect(texts()).toEqual([]);
    expect(await readSend(sendId)).toMatchObject({ state: "stopped", enrolled: 0, not_enrolled: 10, ended_at: expect.any(Date) });
    expect(await skips(sendId)).toEqual([{ reason: "not_approved", n: 10 }]);
    expect(await readApproval(sendId)).toMatchObject({ state: "refused", comment: "Wrong week", decided_by_name: "Ann" });
    expect(await notices(sendId)).toEqual([{ kind: "approval_decided", detail: "refused", to_user: editor.personId, to_admins: false }]);
    await expect(approve(sendId)).rejects.toMatchObject({ code: "approval_over" });
  });
});

describe("it goes back", () => {
  test.each([
    ["5 of 100 more", 100, 5, false],
    ["6 of 100 more", 100, 6, true],
    ["one of ten more", 10, 1, true],
  ])("where the audience has moved by more than five in a hundred: %s", async (_, people, more, isBack) => {
    const { sendId } = await ask({ people, more: { selection: everyone } });
    await buildContacts(db.owner, workspaceId, more);
    const { hash } = await readApproval(sendId);
    const change = await approve(sendId);
    await sluice.run();
    if (!isBack) {
      expect(change).toBeNull();
      return;
    }
    expect(change).toEqual({ because: "audience_moved", before: people, now: people + more });
    expect(texts()).toEqual([]);
    expect(await readSend(sendId)).toMatchObject({ state: "awaiting_approval", expected: people + more });
    expect(await readApproval(sendId)).toMatchObject({ state: "asked", round: 2, contacts: people + more, contacts_before: people });
    // Who looked before it went back cannot approve what they have not seen.
    await expect(approve(sendId, other, { hash })).rejects.toMatchObject({ code: "approval_outdated" });
    expect(await notices(sendId)).toEqual([
      { kind: "approval_asked", detail: null, to_user: null, to_admins: true },
      { kind: "approval_decided", detail: "returned", to_user: editor.personId, to_admins: false },
    ]);
    expect(await acts(sendId)).toEqual(["send.ask", "send.return"]);
    // Who looks again approves what there is now.
    expect(await approve(sendId, other)).toBeNull();
    await sluice.run();
    expect(await readSend(sendId)).toMatchObject({ state: "done", enrolled: people + more });
  });

  test("where contacts that were named are gone", async () => {
    const { sendId, ids } = await ask();
    await eraseAtOnce(sluice, { workspaceId, ids: ids.slice(0, 1) });
    expect(await approve(sendId)).toMatchObject({ because: "audience_moved", before: 10, now: 9 });
  });

  test("where the flow was changed: then it is of the flow as it is now", async () => {
    const { sendId, flowId } = await ask();
    const { hash, flow_hash } = await readApproval(sendId);
    await publishGraph(db.owner, sluice, { workspaceId, flowId, graph: chain(node("start"), sms("Bye"), node("end")) });
    expect(await approve(sendId)).toMatchObject({ because: "flow_changed" });
    const back = await readApproval(sendId);
    expect(back).toMatchObject({ state: "asked", round: 2, returned_because: "flow_changed" });
    expect([back.hash === hash, back.flow_hash === flow_hash]).toEqual([false, false]);
    expect(await approve(sendId)).toBeNull();
    await sluice.run();
    expect(texts().map(({ text }) => text)).toEqual(Array(10).fill("Bye"));
  });

  test("where a limit of messages was changed", async () => {
    const { sendId } = await ask();
    await db.owner.insertInto("private.workspace_limits").values({ workspace_id: workspaceId, messages_per_contact_day: 3 }).execute();
    expect(await approve(sendId)).toMatchObject({ because: "limits_changed" });
    expect(await approve(sendId)).toBeNull();
    await sluice.run();
  });

  test("nobody approves one whose flow is archived, or does not fit any more", async () => {
    const { sendId, flowId } = await ask();
    await sluice.engine.archiveFlow({ workspaceId, flowId, people: "finish", actor: { id: null, name: "Ann" } });
    await expect(approve(sendId)).rejects.toMatchObject({ code: "flow_archived" });
    expect((await readSend(sendId)).state).toBe("awaiting_approval");
    await sluice.engine.archiveFlow({ workspaceId, flowId, people: "end", actor: { id: null, name: "Ann" } });
    expect(await readApproval(sendId)).toMatchObject({ state: "withdrawn" });
    await sluice.run();
  });
});

describe("time", () => {
  const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString().slice(0, 16);

  test("a planned start is kept: nothing is enrolled before, and the audience is looked at once more then", async () => {
    const { sendId } = await ask({ people: 40, more: { selection: everyone, start: { at: inMinutes(60), zone: "workspace" } } });
    expect(await approve(sendId)).toBeNull();
    await sluice.run();
    await requeueLostSends({ db: db.owner, driver: sluice.driver });
    await sluice.run();
    expect(await readSend(sendId)).toMatchObject({ state: "enrolling", enrolled: 0, enroll_after: expect.any(Date) });
    sluice.driver.clock.forward(61 * 60_000);
    await sluice.lookAfter();
    await sluice.run();
    expect(texts()).toHaveLength(40);
    expect(await readSend(sendId)).toMatchObject({ state: "done", enroll_after: null });
  });

  test("at its planned start it goes back where the audience has moved, and nothing leaves", async () => {
    const { sendId } = await ask({ people: 20, more: { selection: everyone, start: { at: inMinutes(24 * 60), zone: "contact" } } });
    expect(await approve(sendId)).toBeNull();
    await buildContacts(db.owner, workspaceId, 10);
    sluice.driver.clock.forward(26 * 3_600_000);
    await sluice.lookAfter();
    await sluice.run();
    expect(texts()).toEqual([]);
    expect(await readSend(sendId)).toMatchObject({ state: "awaiting_approval", enroll_after: null, expected: 30 });
    expect(await readApproval(sendId)).toMatchObject({ state: "asked", round: 2, returned_because: "audience_moved", decided_by: null });
    expect(await acts(sendId)).toEqual(["send.ask", "send.return"]);
    // Its start has passed by now.
    await expect(approve(sendId)).rejects.toMatchObject({ code: "start_passed" });
    expect(await approve(sendId, admin, { startNow: true })).toBeNull();
    await sluice.run();
    expect(await readSend(sendId)).toMatchObject({ state: "done", enrolled: 30 });
  });

  test("two workers begin a planned send once", async () => {
    const { sendId } = await ask({ more: { start: { at: inMinutes(60), zone: "workspace" } } });
    await approve(sendId);
    sluice.driver.clock.forward(61 * 60_000);
    await Promise.all([sluice.lookAfter(), sluice.lookAfter()]);
    await sluice.run();
    expect(texts()).toHaveLength(10);
  });

  test("a start that passes while it waits: it begins at once, if who approves says so", async () => {
    const { sendId } = await ask({ more: { start: { at: inMinutes(5), zone: "workspace" } } });
    sluice.driver.clock.forward(6 * 60_000);
    await expect(approve(sendId)).rejects.toMatchObject({ code: "start_passed" });
    expect(await approve(sendId, admin, { startNow: true })).toBeNull();
    await sluice.run();
    expect(texts()).toHaveLength(10);
  });

  test("an end that passes while it waits: it can only be refused or withdrawn", async () => {
    const { sendId } = await ask({ more: { notLaterThan: inMinutes(5) } });
    sluice.driver.clock.forward(6 * 60_000);
    await expect(approve(sendId)).rejects.toMatchObject({ code: "send_too_late" });
    expect((await readSend(sendId)).state).toBe("awaiting_approval");
    await sluice.engine.refuseSend({ ...control(sendId, admin), comment: "Too late" });
    await sluice.run();
  });

  test("the schedule of an approved send is moved by who might approve it, and by nobody else", async () => {
    const { sendId } = await ask({ more: { start: { at: inMinutes(60), zone: "workspace" } } });
    await approve(sendId);
    const patch = { start: { at: inMinutes(120), zone: "workspace" as const } };
    await expect(sluice.engine.rescheduleSend({ ...control(sendId), asker: editor, patch })).rejects.toMatchObject({
      code: "approval_frozen",
    });
    await sluice.engine.rescheduleSend({ ...control(sendId, admin), asker: admin, patch });
    sluice.driver.clock.forward(61 * 60_000);
    await sluice.lookAfter();
    await sluice.run();
    expect(texts()).toEqual([]);
    await sluice.engine.rescheduleSend({ ...control(sendId, admin), asker: admin, patch: { start: null } });
    await sluice.lookAfter();
    await sluice.run();
    expect(texts()).toHaveLength(10);
  });

  test("an approved send that waits for its start can be stopped, and begins nothing then", async () => {
    const { sendId } = await ask({ more: { start: { at: inMinutes(60), zone: "workspace" } } });
    await approve(sendId);
    await sluice.engine.stopSend(control(sendId));
    sluice.driver.clock.forward(61 * 60_000);
    await sluice.lookAfter();
    await sluice.run();
    expect(texts()).toEqual([]);
    expect(await readSend(sendId)).toMatchObject({ state: "stopped", not_enrolled: 10, enroll_after: null });
    expect(await readApproval(sendId)).toMatchObject({ state: "approved" });
  });
});

describe("what was approved and is under way", () => {
  const otherText = chain(node("start"), sms("Something else"), node("end"));
  const publish = (flowId: string, asker: Asker) =>
    publishGraph(db.owner, sluice, { workspaceId, flowId, graph: otherText, moves: [{ nodeId: null, action: "follow" }], asker });

  test("is not given another text by who may not approve it, or who asked for it", async () => {
    const { sendId, flowId } = await ask({ by: admin, more: { drip: { count: 2, everySeconds: 60, days: [1, 2, 3, 4, 5, 6, 7] } } });
    expect(await approve(sendId, other)).toBeNull();
    await sluice.run();
    for (const one of [editor, admin]) await expect(publish(flowId, one)).rejects.toMatchObject({ code: "approval_frozen" });
    await publish(flowId, other);
  });

  test("keeps its canary until it decides, or somebody who may approve lets the rest go", async () => {
    const canary = { contacts: 2, percent: null, minutes: 15, failurePercent: 2, optOutPercent: 0.5 };
    const { sendId } = await ask({ more: { canary } });
    expect(await approve(sendId)).toBeNull();
    await sluice.run();
    await expect(sluice.engine.openCanary({ ...control(sendId), asker: editor })).rejects.toMatchObject({ code: "approval_frozen" });
    await sluice.engine.openCanary({ ...control(sendId, admin), asker: admin });
    await sluice.run();
    expect(texts()).toHaveLength(10);
  });
});
