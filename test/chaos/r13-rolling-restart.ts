import { setTimeout as sleep } from "node:timers/promises";
import { buildContacts, buildFlow } from "../factories.ts";
import { chain, email, node, wait } from "../graphs.ts";
import { createClient } from "../http-client.ts";
import type { ProductProcess } from "../product-process.ts";
import { startSmtpSink } from "../smtp-sink.ts";
import { atLeast, atMost, exactly } from "./exactly.ts";
import type { ChaosContext, Finding, Scenario } from "./scenario.ts";
import { arrivedIds, sendMailTo } from "./smtp-for.ts";
import { onStage, originOf, type Stage } from "./stage.ts";
import { totalsOf } from "./totals-of.ts";

export const r13: Scenario = {
  id: "R13",
  title: "ten rolling restarts of workers and web under a running send, with a real SMTP server",
  run: (context) => onStage((stage) => run(context, stage)),
};

interface End {
  exitCode: number | null;
  seconds: number;
  outstanding: number;
}

async function run({ size, random, say }: ChaosContext, stage: Stage): Promise<Finding[]> {
  const people = size === "full" ? 2_000 : 400;
  const restarts = size === "full" ? 10 : 3;
  const { db, workspaceId, program } = stage;
  await buildContacts(db, workspaceId, people);
  // The server answers slowly, so that the send lasts as long as the restarts and each restart meets calls under way.
  const sink = await startSmtpSink();
  try {
    await sendMailTo(stage, sink);
    const graph = chain(node("start"), email("First"), wait(15), email("Second", {}, "second"), node("end"));
    const flowId = await buildFlow(db, workspaceId, graph);
    const roles = [["--role=worker"], ["--role=worker"], ["--role=web", "--port=0"]];
    const processes = await Promise.all(roles.map((args) => stage.start(args)));
    // The send is so slow that it is under way until the last restart, on any machine.
    const web = () => processes[2] as ProductProcess;
    const limit = (perMinute: number | null) =>
      createClient(originOf(web()), program).patch("/api/queue/limits", { channels: [{ channel: "email", perMinute }] });
    await limit(600);
    const body = { flowId, selection: { type: "filter", filter: { tests: [] }, excluded: [] } };
    const { send } = (await createClient(originOf(web()), program).post("/api/sends", body)).body;

    const ends: End[] = [];
    for (let count = 0; count < restarts; count += 1) {
      // Every process is restarted. The order is drawn anew each round.
      const place = count % 3 === 2 ? 2 : random.between(0, 1);
      const next = await stage.start(roles[place] as string[]);
      const begun = performance.now();
      const exitCode = await (processes[place] as ProductProcess).end();
      processes[place] = next;
      ends.push({ exitCode, seconds: (performance.now() - begun) / 1000, outstanding: 2 * people - sink.accepted.length });
    }
    await limit(null);
    say(`still to go after each restart: ${ends.map(({ outstanding }) => outstanding).join(" ")}`);
    const state = async () => (await createClient(originOf(web()), program).get(`/api/sends/${send.id}`)).body;
    for (let waited = 0; (await state()).state !== "done" && waited < 180_000; waited += 250) await sleep(250);

    const ids = await arrivedIds(sink);
    const { completed, enrolled } = await state();
    const unknown = await db.selectFrom("messages").select("id").where("status", "in", ["unknown", "held"]).execute();
    return [
      atLeast("messages still to go after the last restart", ends.at(-1)?.outstanding ?? 0, 1),
      exactly("processes that ended with code 0", ends.filter(({ exitCode }) => exitCode === 0).length, restarts),
      atMost("the longest drain", Math.max(...ends.map(({ seconds }) => seconds)), 30, " s"),
      exactly("enrolled", enrolled, people),
      exactly("completed", completed, people),
      exactly("mails that arrived", new Set(ids).size, 2 * people),
      exactly("mails that arrived twice", ids.length - new Set(ids).size, 0),
      exactly("messages in doubt", unknown.length, 0),
      await totalsOf(db),
    ];
  } finally {
    await sink.stop();
  }
}
