import { sql } from "kysely";
import { buildContacts, buildFlow } from "../factories.ts";
import { chain, node, sms } from "../graphs.ts";
import { createClient } from "../http-client.ts";
import { type Answered, postUntilAnswered, withOrigin } from "./ask-until-answered.ts";
import { atLeast, exactly } from "./exactly.ts";
import type { ChaosContext, Finding, Scenario } from "./scenario.ts";
import { onStage, originOf, type Stage } from "./stage.ts";

const atOnce = 50;
/** Keys at a time. Fifty requests with each are under way. */
const keysAtOnce = 2;

export const r9: Scenario = {
  id: "R9",
  title: "the same POST fifty times at once with the same key, over two web processes",
  run: (context) => onStage((stage) => run(context, stage)),
};

/** One request, and another one that the same key must refuse. */
interface Question {
  path: string;
  body: unknown;
  otherBody: unknown;
}

async function run({ size, random, say }: ChaosContext, stage: Stage): Promise<Finding[]> {
  const { db, workspaceId } = stage;
  const keys = size === "full" ? 100 : 6;
  const contacts = await buildContacts(db, workspaceId, keys + 1);
  const flowId = await buildFlow(db, workspaceId, chain(node("start"), sms(), node("end")));
  const webs = await Promise.all([1, 2].map(() => stage.start(["--role=web", "--port=0"])));
  const origins = webs.map(originOf);
  // Both processes get the same session and the same key. It must not matter which of them answers.
  const person = await stage.signIn(webs[0] as (typeof webs)[number]);
  const callers = [stage.program, { cookie: person.headers.cookie as string }];
  const other = contacts[keys] as string;
  const originAt = (place: number) => origins[place % origins.length] as string;
  const questions: ((contactId: string, index: number) => Question)[] = [
    (contactId) => ask("/api/sends", (id) => ({ flowId, selection: { type: "ids", ids: [id] } }), contactId, other),
    (contactId) => ask("/api/unified-workflow/execute-for-contact", (id) => ({ workflowId: flowId, contactId: id }), contactId, other),
    (_, index) => ask("/api/contacts", (name) => ({ firstname: name }), `made-${index}`, "another"),
  ];
  say(`${keys} keys, ${atOnce} requests at once with each, by a program and by a person, at ${origins.length} web processes`);

  const outcomes: { answers: Answered[]; reused: { status: number; code: string } }[] = [];
  const queue = Array.from({ length: keys }, (_, index) => index);
  const oneKey = async (index: number) => {
    const question = questions[index % questions.length] as (typeof questions)[number];
    const { path, body, otherBody } = question(contacts[index] as string, index);
    const headers = { ...callers[Math.floor(index / questions.length) % callers.length], "idempotency-key": `key-${index}` };
    const answers = await Promise.all(
      Array.from({ length: atOnce }, (_, place) => postUntilAnswered(() => originAt(place + random.between(0, 1)), headers, path, body)),
    );
    const { status, body: said } = await createClient(originAt(index), withOrigin(headers, originAt(index))).post(path, otherBody);
    outcomes.push({ answers, reused: { status, code: said?.code } });
  };
  const client = async () => {
    for (let index = queue.shift(); index !== undefined; index = queue.shift()) await oneKey(index);
  };
  await Promise.all(Array.from({ length: keysAtOnce }, client));

  const unequal = outcomes.filter(({ answers }) => new Set(answers.map(({ answer }) => answer.text)).size !== 1);
  const refused = outcomes.flatMap(({ answers }) => answers.filter(({ answer }) => answer.status < 200 || answer.status > 299));
  const firsts = outcomes.map(({ answers }) => answers.filter(({ answer }) => answer.headers.get("idempotent-replayed") === null).length);
  const putOff = (status: number) =>
    sum(
      outcomes.flatMap(({ answers }) =>
        answers.flatMap((one) => one.putOff.filter((off) => off.status === status).map((off) => off.times)),
      ),
    );
  const reused = outcomes.filter((outcome) => outcome.reused.status !== 422 || outcome.reused.code !== "idempotency_key_reused");
  say(`told to wait (409): ${putOff(409)}, not now (503): ${putOff(503)}`);
  return [
    exactly("keys whose fifty answers are not the same, byte for byte", unequal.length, 0),
    { what: "answers that are no success", goal: "0", measured: refused[0]?.answer.text ?? 0, held: refused.length === 0 },
    exactly("keys whose work was done once and replayed 49 times", firsts.filter((count) => count === 1).length, keys),
    atLeast("requests that met the same one under way (409)", putOff(409), 1),
    exactly("keys that another body was not refused for with 422", reused.length, 0),
    exactly("connections broken", sum(outcomes.flatMap(({ answers }) => answers.map(({ broken }) => broken))), 0),
    ...(await judgeEffects(stage, keys)),
  ];
}

const ask = (path: string, body: (value: string) => unknown, value: string, other: string): Question => ({
  path,
  body: body(value),
  otherBody: body(other),
});

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

async function judgeEffects({ db, workspaceId }: Stage, keys: number): Promise<Finding[]> {
  const { rows } = await sql<Record<"sends" | "executions" | "made" | "audits", number>>`select
    (select count(*)::int from flow_sends) as sends,
    (select count(*)::int from flow_executions) as executions,
    (select count(*)::int from contacts where workspace_id = ${workspaceId} and firstname like 'made-%') as made,
    (select count(*)::int from audit_log where action in ('send.create', 'contact.create')) as audits`.execute(db);
  const [row] = rows;
  const made = Math.floor(keys / 3);
  return [
    exactly("sends", row?.sends ?? 0, keys - made),
    exactly("executions", row?.executions ?? 0, keys - made),
    exactly("contacts made", row?.made ?? 0, made),
    exactly("entries in the audit log", row?.audits ?? 0, keys),
  ];
}
