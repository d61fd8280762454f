import { sql } from "kysely";
import pino from "pino";
import { captureProvider } from "#channels/capture/send.ts";
import type { Provider } from "#channels/channel.ts";
import { SendingRules } from "#contract/sending-rules.ts";
import { saveSendingRules } from "#db/queries/sending-rules.ts";
import type { Tracer } from "#engine/base/tracer.ts";
import { createInlineDriver } from "#engine/drivers/inline.ts";
import { createEngine } from "#engine/engine.ts";
import { defaultWorkSizes } from "#engine/jobs/work-sizes.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import { type BenchDatabase, startBenchDatabase } from "./cluster.ts";
import { clearSends, fillWorkspace } from "./fill.ts";
import { addFlow, smsGraph } from "./flow.ts";
import type { BenchOptions, Outcome } from "./outcome.ts";
import { below, exactly } from "./outcome.ts";
import { median, round } from "./statistics.ts";

/** The rules of the workspace: all that the gate can ask, or what is usual. */
const variants = { usual: false, everything: true };
type Variant = keyof typeof variants;

/** The time of a whole send, of all its passes, and of the gate within them, in milliseconds. */
interface Times {
  messages: number;
  gateMs: number;
  passMs: number;
  sendMs: number;
}

/**
 * The bench measures what the gate adds to a message in a chunk: the same send again and again, one pass at a time, and the time of the gate within the time
 * of its passes. The provider answers at once, so what else a pass takes is as little as it can be. Gate and pass are timed in one run.
 */
export async function measureGate({ quick, ...given }: BenchOptions): Promise<Outcome> {
  const contacts = given.contacts ?? (quick ? 1_000 : 20_000);
  const rounds = given.rounds ?? (quick ? 1 : 3);
  const bench = await startBenchDatabase();
  try {
    const workspaceId = await fillWorkspace(bench.db, contacts);
    await askEverything(bench, workspaceId);
    const flowId = await addFlow(bench.db, workspaceId, smsGraph);
    const times: Record<Variant, Times[]> = { usual: [], everything: [] };
    // Once without counting: code is compiled, and files are grown.
    await sendOnce(bench, { workspaceId, flowId }, true);
    for (let turn = 1; turn <= rounds; turn += 1) {
      for (const [variant, isEverything] of Object.entries(variants) as [Variant, boolean][]) {
        await clearSends(bench.db);
        const found = await sendOnce(bench, { workspaceId, flowId }, isEverything);
        times[variant].push(found);
        console.log(
          `round ${turn}, ${variant}: ${round(found.gateMs / found.messages, 3)} ms of ${round(found.passMs / found.messages, 3)} for each`,
        );
      }
    }
    return summarize(times, contacts);
  } finally {
    await bench.stop();
  }
}

/** Numbers of a country without hours by law, and a consent of everybody, so that everything is asked and nobody is refused. */
async function askEverything({ db }: BenchDatabase, workspaceId: string): Promise<void> {
  await sql`update workspaces set country = 'AT', undo_seconds = 0 where id = ${workspaceId}`.execute(db);
  await sql`
    with numbered as (select id, row_number() over (order by id) as n from contacts where workspace_id = ${workspaceId})
    update contacts c set phone_number = '+43664' || (1000000 + n), phone_e164 = '+43664' || (1000000 + n) from numbered where numbered.id = c.id`.execute(
    db,
  );
  await sql`
    insert into contact_consents (workspace_id, contact_id, channel, state, source, given_at)
    select workspace_id, id, 'sms', 'opted_in', 'manual', now() from contacts where workspace_id = ${workspaceId}`.execute(db);
  await sql`vacuum analyze contacts, contact_consents`.execute(db);
}

const everything = SendingRules.parse({
  // The zone of the number is looked for, and its hours are always open but for a minute.
  quietHours: { on: true, from: "00:00", to: "23:59" },
  smsConsent: "needed",
  marketingPerDay: 1_000,
  marketingPerWeek: 1_000,
});
const usual = SendingRules.parse({ quietHours: { on: true, from: "00:00", to: "23:59" } });

async function sendOnce({ db }: BenchDatabase, target: { workspaceId: string; flowId: string }, isEverything: boolean): Promise<Times> {
  await saveSendingRules(db, { workspaceId: target.workspaceId, rules: isEverything ? everything : usual });
  const times: Times = { messages: 0, gateMs: 0, passMs: 0, sendMs: 0 };
  const provider = answersAtOnce(isEverything, () => {
    times.messages += 1;
  });
  const log = pino({ level: "error" });
  const driver = createInlineDriver({ db, log });
  const engine = createEngine({
    db,
    nodes: nodeRegistry,
    driver,
    log,
    tracer: timer(times),
    providerFor: async () => provider,
    workSizes: { smallestChunk: defaultWorkSizes.largestChunk },
  });
  await engine.start();
  try {
    const begun = performance.now();
    await engine.createSend({
      ...target,
      selection: { type: "filter", filter: { tests: [] }, excluded: [] },
      source: "api",
      isTest: false,
      launchedBy: null,
      launchedByName: "bench",
    });
    await driver.runUntilIdle();
    times.sendMs = performance.now() - begun;
    return times;
  } finally {
    await engine.stop();
  }
}

/** It is taken for one outside, because hours are asked only of those. With senders, each message asks for its sender and its moment. */
function answersAtOnce(hasSenders: boolean, onCall: () => void): Provider {
  const senders = ["+436641111111", "+436642222222", "+436643333333"];
  return {
    ...captureProvider("sms"),
    name: "bench",
    ...(hasSenders && { from: null, senders, paceOf: () => ({ partsPerSecond: 100_000, partsPerDay: null }) }),
    async send({ id }) {
      onCall();
      return { outcome: "accepted", providerMessageId: id };
    },
  };
}

/** Adds up the spans of the gate and of the passes around it. One pass runs at a time, so none counts what another took. */
function timer(times: Times): Tracer {
  const parts: Record<string, "gateMs" | "passMs"> = { "ask gate": "gateMs", "advance chunk": "passMs" };
  return {
    async span(name, work, { since = performance.now() } = {}) {
      try {
        return await work({ note: () => {} });
      } finally {
        const part = parts[name];
        if (part) times[part] += performance.now() - since;
      }
    },
    traceparent: () => undefined,
  };
}

function summarize(times: Record<Variant, Times[]>, contacts: number): Outcome {
  const of = (variant: Variant, pick: (one: Times) => number) => median(times[variant].map(pick));
  const perMessage = (variant: Variant) => of(variant, ({ gateMs, messages }) => gateMs / messages);
  const slower = (variant: Variant, whole: "passMs" | "sendMs") =>
    of(variant, ({ gateMs, [whole]: all }) => (gateMs / (all - gateMs)) * 100);
  return {
    figures: {
      contacts,
      usualMs: round(perMessage("usual"), 4),
      everythingMs: round(perMessage("everything"), 4),
      passesSlowerPercent: { usual: round(slower("usual", "passMs")), everything: round(slower("everything", "passMs")) },
      sendSlowerPercent: { usual: round(slower("usual", "sendMs")), everything: round(slower("everything", "sendMs")) },
      times,
    },
    goals: [
      below("the gate, for a message in a chunk of 500, everything asked", perMessage("everything"), 2, "ms"),
      below("the gate, for a message in a chunk of 500, of a usual workspace", perMessage("usual"), 2, "ms"),
      below("a whole send takes longer by the gate, usual workspace, provider at once", slower("usual", "sendMs"), 10, "%"),
      exactly(
        "messages that left, of two to each contact, of the least complete send",
        Math.min(...[...times.usual, ...times.everything].map(({ messages }) => messages)),
        contacts * 2,
      ),
    ],
    notes: [
      "One pass at a time in one process; a whole send is from createSend to its end, with enrolling. The usual workspace has hours for SMS. With everything asked it also needs a recorded consent, has limits of marketing messages by day and week, and several senders with a pace. Nobody is refused. The share is that of a provider that answers at once; a real one takes longer, and the share is smaller.",
    ],
  };
}
