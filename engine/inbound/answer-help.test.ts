import { sql } from "kysely";
import { beforeEach, describe, expect, test } from "vitest";
import { askForStartText, usualHelpText } from "#contract/help-text.ts";
import { usualSendingRules } from "#contract/sending-rules.ts";
import { recipientLanguages } from "#contract/unsubscribe-words.ts";
import { liftFence, raiseFence } from "#db/queries/send-fence.ts";
import { saveSendingRules } from "#db/queries/sending-rules.ts";
import { silentLog, startTestEngine } from "#test/engine.ts";
import { db, restartEngine, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact } from "#test/factories.ts";
import { fakeProvider } from "#test/fake-provider.ts";
import { type BreakPoint, onBreakPoint, SimulatedCrash } from "../base/break-point.ts";
import { settleLostMessages } from "../schedule/lost-messages.ts";

setUpEngine();
const ours = "+15550001111";
/** Each test has a number of its own. */
let number: string;
let last = 0;
beforeEach(() => {
  last += 1;
  number = `+1415555${String(1000 + last)}`;
});

let written = 0;
interface Written {
  id?: string;
  to?: string;
  from?: string;
  provider?: string;
  providerAnswersHelp?: boolean;
  automatic?: boolean;
  providerHeard?: "stop" | "start";
}
async function write(text: string, { to = ours, from = number, provider = "fake", id, ...more }: Written = {}, at = sluice) {
  written += 1;
  const message = { kind: "received", providerMessageId: id ?? `in-${written}`, from, to, text, files: 0, ...more } as const;
  await at.engine.takeInbound({ workspaceId, channel: "sms", provider, events: [message] });
  await at.engine.inboundIdle();
}
const person = (more = {}) => buildContact(db.owner, workspaceId, { phone_e164: number, ...more });
const sent = () => sluice.providers.sms.calls;
const kept = async () =>
  db.owner
    .selectFrom("messages")
    .select(["status", "reason", "kind", "to_address", "from_address", "contact_id", "body"])
    .where("workspace_id", "=", workspaceId)
    .orderBy("id")
    .execute();
const set = (values: Record<string, unknown>) => db.owner.updateTable("workspaces").set(values).where("id", "=", workspaceId).execute();
const age = (interval: string) =>
  sql`update inbound_messages set received_at = received_at - ${interval}::interval where workspace_id = ${workspaceId}`.execute(db.owner);
/** The process that had the answer in hand is silent for longer than the lease. */
const dueAgain = () =>
  sql`update inbound_messages set help_due_at = clock_timestamp() where workspace_id = ${workspaceId} and help_due_at is not null`.execute(
    db.owner,
  );
const due = async () =>
  (
    await db.owner
      .selectFrom("inbound_messages")
      .select("id")
      .where("workspace_id", "=", workspaceId)
      .where("help_due_at", "is not", null)
      .execute()
  ).length;

describe("who gets no answer", () => {
  test("a text that only talks of help, an automatic one, and one that the provider answers itself", async () => {
    await person();
    await write("I need help with my order");
    await write("HELP", { automatic: true });
    await write("HELP", { providerAnswersHelp: true });
    expect(sent()).toEqual([]);
    expect(await kept()).toEqual([]);
  });

  test("anybody, where the workspace answers nobody", async () => {
    await set({ help_text: "" });
    await write("HELP");
    expect(await kept()).toEqual([]);
  });

  test.each([
    ["dnc", async () => void (await person({ dnc: true }))],
    [
      "bounced_before",
      async () =>
        void (await sql`insert into suppressions (workspace_id, channel, address, reason) values (${workspaceId}, 'sms', ${number}, 'bounced_before')`.execute(
          db.owner,
        )),
    ],
    ["country_not_allowed", async () => void (await set({ sms_countries: sql`array['AT']` }))],
    [
      "sandbox",
      async () =>
        saveSendingRules(db.owner, { workspaceId, rules: { ...usualSendingRules, sandbox: { on: true, addresses: ["+14155559999"] } } }),
    ],
  ])("%s: the refusal is a row with its reason", async (reason, arrange) => {
    await arrange();
    await write("HELP");
    expect(sent()).toEqual([]);
    expect(await kept()).toMatchObject([{ status: "failed", reason, to_address: number }]);
    expect(await due()).toBe(0);
  });

  test("a short code, which is a machine", async () => {
    await write("HELP", { from: "72345" });
    expect(await kept()).toMatchObject([{ status: "failed", reason: "bad_phone" }]);
  });

  test("one of our own numbers, which would be answered by the other", async () => {
    await write("HELP", { from: ours, to: "+15550002222" });
    const pool = Object.assign(fakeProvider("sms"), { senders: ["+15550003333", "+15550004444"], from: null });
    await restartEngine({ providerFor: async () => pool });
    await write("HELP", { from: "+15550003333", to: "+15550004444" });
    expect([await kept(), await due()]).toEqual([[], 0]);
  });

  test("who is no contact, once five hundred such numbers were answered within a day; contacts are answered all the same", async () => {
    await sql`
      insert into inbound_messages (workspace_id, channel, provider, provider_message_id, from_address, to_address, word, handled_at, help_answer)
      select ${workspaceId}, 'sms', 'fake', 'stranger ' || n, '+1212555' || (1000 + n), ${ours}, 'help', now(), gen_random_uuid()
      from generate_series(1, 500) n`.execute(db.owner);
    await write("HELP");
    expect([await kept(), await due()]).toEqual([[], 0]);
    const known = "+14155562999";
    await buildContact(db.owner, workspaceId, { phone_e164: known });
    await write("HELP", { from: known });
    expect(sent().map(({ to }) => to)).toEqual([known]);
    await age("25 hours");
    await write("HELP");
    expect(sent()).toHaveLength(2);
  });

  test("a real phone, for what was tried out in test mode before the channel became real", async () => {
    await write("HELP", { provider: "capture" });
    expect(await kept()).toEqual([]);
  });
});

describe("HELP", () => {
  test.each(["HELP", "info", "Help?"])(
    "%s is answered with the usual words and the name of the workspace, as a service message",
    async (text) => {
      const id = await person();
      await write(text);
      expect(sent()).toMatchObject([{ to: number, kind: "transactional", text: usualHelpText("Test") }]);
      expect(await kept()).toMatchObject([
        {
          status: "sent",
          reason: null,
          kind: "transactional",
          to_address: number,
          from_address: ours,
          contact_id: id,
          body: usualHelpText("Test"),
        },
      ]);
    },
  );

  test.each(recipientLanguages)("is answered in the language of the contact: %s", async (language) => {
    await person({ metadata: { language } });
    await write("HELP");
    await write("STOP");
    await write("YES", { providerHeard: "start" });
    expect(sent().map(({ text }) => text)).toEqual([usualHelpText("Test", language), askForStartText("Test", language)]);
  });

  test("is answered with the workspace's own words where it has some, also to a number that is no contact's", async () => {
    await set({ help_text: "Ana & Sons, +1 415 555 0199. STOP ends all." });
    await write("HELP");
    expect(sent().map(({ text }) => text)).toEqual(["Ana & Sons, +1 415 555 0199. STOP ends all."]);
    expect(await kept()).toMatchObject([{ status: "sent", contact_id: null }]);
  });

  test("is answered also after STOP and to who has opted out, and opens nothing", async () => {
    await person({ sms_opted_out_at: new Date() });
    await write("STOP");
    await write("HELP");
    expect(await kept()).toMatchObject([{ status: "sent" }]);
    expect(await db.owner.selectFrom("suppressions").select("reason").where("workspace_id", "=", workspaceId).execute()).toEqual([
      { reason: "stop" },
    ]);
  });

  test("is answered once within a day at each of our numbers, and again a day later", async () => {
    await person();
    await write("HELP");
    await write("INFO");
    expect(sent()).toHaveLength(1);
    await write("HELP", { to: "+15550002222" });
    expect(sent()).toHaveLength(2);
    await age("23 hours");
    await write("HELP");
    expect(sent()).toHaveLength(2);
    await age("61 minutes");
    await write("HELP");
    expect(sent()).toHaveLength(3);
  });

  test("at night is answered at once, also where service messages wait for the morning", async () => {
    await person({ time_zone: "UTC" });
    const quietHours = { ...usualSendingRules.quietHours, on: true, from: "00:00", to: "00:01", also: ["transactional" as const] };
    await saveSendingRules(db.owner, { workspaceId, rules: { ...usualSendingRules, quietHours } });
    await write("HELP");
    expect(sent()).toHaveLength(1);
  });

  test("is answered from the number to which it came", async () => {
    const senders = ["+15550003333", "+15550004444"];
    const provider = Object.assign(fakeProvider("sms"), { senders, from: null });
    await restartEngine({ providerFor: async () => provider });
    await write("HELP", { to: "+15550004444" });
    expect(provider.calls).toMatchObject([{ from: "+15550004444" }]);
  });
});

describe("exactly once", () => {
  test("a callback that comes five times, at once and later, is answered once", async () => {
    await Promise.all(Array.from({ length: 5 }, () => write("HELP", { id: "same" })));
    await write("HELP", { id: "same" });
    expect(sent()).toHaveLength(1);
  });

  test("two that come at the same moment to two processes are answered once", async () => {
    const other = await startTestEngine(db.owner, { providerFor: async () => sluice.providers.sms });
    for (let round = 0; round < 10; round += 1) {
      const from = `+1415556${String(1000 + round)}`;
      await Promise.all([write("HELP", { from }), write("help", { from }, other)]);
    }
    expect(sent()).toHaveLength(10);
    expect(new Set(sent().map(({ to }) => to)).size).toBe(10);
  });

  test.each<[BreakPoint, number]>([
    ["provider-called", 0],
    ["provider-answered", 1],
  ])(
    "a process that dies at %s leaves it to be settled like any message outside of flows, and nobody sends it again",
    async (point, calls) => {
      onBreakPoint((at) => {
        if (at === point) throw new SimulatedCrash(point);
      });
      await write("HELP");
      onBreakPoint(undefined);
      expect(await kept()).toMatchObject([{ status: "sending" }]);
      await dueAgain();
      await write("Hello?");
      expect(await due()).toBe(0);
      sluice.driver.clock.forward(30_000);
      await settleLostMessages({ db: db.owner, clock: sluice.driver.clock, providerFor: async () => sluice.providers.sms, log: silentLog });
      expect(await kept()).toMatchObject([{ status: "unknown", reason: "outcome_unknown" }]);
      expect(sent()).toHaveLength(calls);
    },
  );
});

test("however many ask at a time, a workspace has four answers under way, and all are given", async () => {
  let [now, most] = [0, 0];
  const provider = fakeProvider("sms");
  provider.answer(async ({ id }) => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setTimeout(resolve, 5));
    now -= 1;
    return { outcome: "accepted", providerMessageId: id };
  });
  await restartEngine({ providerFor: async () => provider });
  const asking = Array.from({ length: 30 }, (_, index) => `+1415557${String(1000 + index)}`);
  await Promise.all(asking.map((from) => write("HELP", { from })));
  await write("Hello?");
  expect(new Set(provider.calls.map(({ to }) => to))).toEqual(new Set(asking));
  expect(most).toBeLessThanOrEqual(4);
});

describe("what cannot be answered at once", () => {
  test("waits until the provider can be opened, and within the hour is answered", async () => {
    let isBroken = true;
    const provider = fakeProvider("sms");
    await restartEngine({
      providerFor: async () => {
        if (isBroken) throw new Error("The settings cannot be read");
        return provider;
      },
    });
    await write("HELP");
    expect([await due(), (await kept()).length]).toEqual([1, 0]);
    isBroken = false;
    await dueAgain();
    await write("Hello?");
    expect(provider.calls).toHaveLength(1);
  });

  test("waits while a restored copy may not send, and after an hour is told as too late", async () => {
    await raiseFence(db.owner);
    await write("HELP");
    expect([await due(), (await kept()).length]).toEqual([1, 0]);
    await age("61 minutes");
    await dueAgain();
    await write("Hello?");
    await db.owner.transaction().execute((tx) => liftFence(tx, { userId: null }));
    expect(sent()).toEqual([]);
    expect(await kept()).toMatchObject([{ status: "failed", reason: "too_late" }]);
  });
});
