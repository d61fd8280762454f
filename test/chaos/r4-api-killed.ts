import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { buildContacts, buildFlow } from "../factories.ts";
import { chain, node, sms } from "../graphs.ts";
import type { ProductProcess } from "../product-process.ts";
import { type Answered, postUntilAnswered } from "./ask-until-answered.ts";
import { atLeast, exactly } from "./exactly.ts";
import type { ChaosContext, Finding, Scenario } from "./scenario.ts";
import { onStage, originOf, type Stage } from "./stage.ts";
import { totalsOf } from "./totals-of.ts";

const perPost = 50;
const clients = 8;

export const r4: Scenario = {
  id: "R4",
  title: "web processes killed while sends are posted; the client repeats until it is answered",
  run: (context) => onStage((stage) => run(context, stage)),
};

async function run({ size, random, say }: ChaosContext, stage: Stage): Promise<Finding[]> {
  const { db, workspaceId, program } = stage;
  const posts = size === "full" ? 200 : 60;
  const kills = size === "full" ? 10 : 3;
  const contacts = await buildContacts(db, workspaceId, posts * perPost);
  const flowId = await buildFlow(db, workspaceId, chain(node("start"), sms(), node("end")));
  const [worker, ...webs] = await Promise.all([
    stage.start(["--role=worker"]),
    stage.start(["--role=web", "--port=0"]),
    stage.start(["--role=web", "--port=0"]),
  ]);
  say(`${posts} POSTs of ${perPost} contacts by ${clients} clients, ${kills} kills of two web processes`);

  const places: (ProductProcess | undefined)[] = webs;
  let answered = 0;
  let over = false;
  let killed = 0;
  const restarts: Promise<void>[] = [];
  const comeBack = async (place: number) => {
    places[place] = await stage.start(["--role=web", "--port=0"]);
  };
  const killing = (async () => {
    for (; !over && killed < kills; killed += 1) {
      // The kills are spread over the posts, at any moment of a request.
      while (answered < (posts * (killed + 0.5)) / kills) await sleep(2);
      await sleep(random.between(0, 25));
      // Both may be gone for a moment. A process that is not back yet cannot be killed again.
      while (!places.some(Boolean)) await sleep(20);
      const first = random.between(0, 1);
      const at = places[first] ? first : 1 - first;
      const victim = places[at] as ProductProcess;
      places[at] = undefined;
      await stage.kill(victim);
      restarts.push(comeBack(at));
    }
  })();
  const looks = watchForParts(stage, () => over);

  const results: (Answered & { sendId: string | undefined })[] = [];
  const queue = Array.from({ length: posts }, (_, index) => index);
  const client = async () => {
    for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
      // The next posts wait for their kill, so that each kill meets requests.
      while (killed < Math.floor((index * kills) / posts)) await sleep(2);
      // Half of the posts rely on the header, the others on an id of their own. Both are promised to be safe.
      const sendId = index % 2 === 0 ? crypto.randomUUID() : undefined;
      const ids = contacts.slice(index * perPost, (index + 1) * perPost);
      const body = { flowId, selection: { type: "ids", ids }, ...(sendId && { sendId }) };
      const headers: Record<string, string> = sendId ? program : { ...program, "idempotency-key": `post-${index}` };
      let turn = random.between(0, 1);
      const nextOrigin = () => {
        turn += 1;
        const place = places[turn % 2];
        return place && originOf(place);
      };
      results.push({ ...(await postUntilAnswered(nextOrigin, headers, "/api/sends", body)), sendId });
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  over = true;
  await killing;
  await Promise.all(restarts);

  const open = () => db.selectFrom("flow_sends").select("id").where("ended_at", "is", null).execute();
  for (let waited = 0; (await open()).length > 0 && waited < 60_000; waited += 200) await sleep(200);
  return [...judge(results, kills, killed, await looks), ...(await judgeRows(stage, posts)), await totalsOf(db), ends(worker)];
}

/**
 * Looks again and again for a send that has only some of its people, which must never be seen. Returns how often it was
 * seen, and in how many looks.
 */
async function watchForParts({ db }: Stage, isOver: () => boolean): Promise<{ looks: number; parts: number }> {
  let looks = 0;
  let parts = 0;
  while (!isOver()) {
    const { rows } = await sql<{ parts: number }>`select count(*)::int as parts from (
      select from flow_sends s left join flow_executions e on e.send_id = s.id group by s.id having count(e.id) <> ${perPost}::int) p`.execute(
      db,
    );
    looks += 1;
    parts += rows[0]?.parts ?? 0;
    await sleep(20);
  }
  return { looks, parts };
}

function judge(
  results: (Answered & { sendId: string | undefined })[],
  kills: number,
  killed: number,
  seen: { looks: number; parts: number },
) {
  const bad = results.filter(({ answer }) => answer.status !== 202);
  const lies = results.filter(
    ({ answer: { body }, sendId }) =>
      body?.send?.enrolled !== perPost || body.send.total !== perPost || (sendId !== undefined && body.send.id !== sendId),
  );
  return [
    exactly("kills", killed, kills),
    atLeast(
      "requests cut off or refused, and repeated",
      results.reduce((sum, { broken }) => sum + broken, 0),
      1,
    ),
    { what: "answers other than 202", goal: "0", measured: bad[0]?.answer.text ?? 0, held: bad.length === 0 },
    exactly("answers that are not about all 50 contacts or about another send", lies.length, 0),
    exactly("answers about the same send", results.length - new Set(results.map(({ answer }) => answer.body?.send?.id)).size, 0),
    exactly(`looks (of ${seen.looks}) that saw a part of a send`, seen.parts, 0),
  ];
}

async function judgeRows({ db }: Stage, posts: number): Promise<Finding[]> {
  const { rows } = await sql<Record<"sends" | "once" | "contacts" | "messages", number>>`select
    (select count(*)::int from flow_sends) as sends,
    (select count(*)::int from (select from flow_executions group by contact_id having count(*) = 1) o) as once,
    (select count(distinct contact_id)::int from flow_executions) as contacts,
    (select count(*)::int from messages where status in ('sent', 'delivered')) as messages`.execute(db);
  const [row] = rows;
  return [
    exactly("sends", row?.sends ?? 0, posts),
    exactly("contacts enrolled", row?.contacts ?? 0, posts * perPost),
    exactly("contacts enrolled exactly once", row?.once ?? 0, posts * perPost),
    exactly("messages sent", row?.messages ?? 0, posts * perPost),
  ];
}

const ends = ({ child }: ProductProcess): Finding => ({
  what: "the worker, which nobody killed",
  goal: "lives",
  measured: child.exitCode === null ? "lives" : `ended with ${child.exitCode}`,
  held: child.exitCode === null,
});
