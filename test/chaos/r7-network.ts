import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import { buildContacts, buildFlow } from "../factories.ts";
import { chain, email, node, sms } from "../graphs.ts";
import { type Client, createClient } from "../http-client.ts";
import type { ProductProcess } from "../product-process.ts";
import { sinkCertificate, startSmtpSink } from "../smtp-sink.ts";
import { atLeast, atMost, exactly } from "./exactly.ts";
import { type Faults, openFaultyLink } from "./faulty-link.ts";
import { type Host, whyNoHosts, withHosts } from "./hosts.ts";
import type { ChaosContext, Finding, Scenario } from "./scenario.ts";
import { arrivedIds, sendMailTo } from "./smtp-for.ts";
import { onStage, originOf, type Stage } from "./stage.ts";
import { totalsOf } from "./totals-of.ts";
import { countStranded } from "./truths.ts";

const sizes = {
  full: { sends: 20, each: 50, everyMs: 6_000, delayMs: 250 },
  small: { sends: 4, each: 25, everyMs: 2_000, delayMs: 50 },
};

const mailPort = 2525;
const webPort = 4400;
const opsPort = 4401;
/** Longer than anything may take. A request without an answer by then counts as hung. */
const patienceMs = 60_000;
/** A message that was refused three times while the network broke waits two minutes for its fourth try. Seconds. */
const longestTries = 240;

export const r7: Scenario = {
  id: "R7",
  title:
    "web and workers on hosts of their own; the network between them and the database and the mail server is slow, breaks and goes silent",
  whyNot: whyNoHosts,
  run: (context) => onStage((stage) => withHosts(3, (hosts) => run(context, stage, hosts))),
};

async function run({ size, random, say }: ChaosContext, stage: Stage, hosts: Host[]): Promise<Finding[]> {
  const { sends, each, everyMs, delayMs } = sizes[size];
  const { db, workspaceId, program } = stage;
  const faults: Faults = { delayMs, resetAfterMs: size === "full" ? [2_000, 30_000] : [1_000, 8_000], silentShare: 0.3 };
  const sink = await startSmtpSink({ security: "starttls" });
  const folder = mkdtempSync(join(tmpdir(), "sluice-network-"));
  writeFileSync(join(folder, "ca.pem"), sinkCertificate);
  const database = { host: "127.0.0.1", port: Number(new URL(stage.url).port) };
  const links = await Promise.all(hosts.map(({ gateway }) => openFaultyLink({ host: gateway, to: database }, faults, random)));
  const mail = await Promise.all(
    hosts
      .slice(1)
      .map(({ gateway }) => openFaultyLink({ host: gateway, port: mailPort, to: { host: "127.0.0.1", port: sink.port } }, faults, random)),
  );
  try {
    // The mail server has one name for all hosts and a certificate for it. Each host reaches it over its own link.
    await sendMailTo(stage, { host: "localhost", port: mailPort, security: "starttls" });
    const contacts = await buildContacts(db, workspaceId, sends * each);
    const flowId = await buildFlow(
      db,
      workspaceId,
      chain(node("start"), email("One"), sms("Two"), email("Three", {}, "three"), node("end")),
    );
    const [web, ...workers] = await Promise.all(
      hosts.map((host, index) => startAt(stage, host, index, { port: links[index]?.port ?? 0, ca: join(folder, "ca.pem") })),
    );
    if (!web) throw new Error("There is no web process.");
    const client = createClient(originOf(web), program);
    for (const link of [...links, ...mail]) link.setFaulty(true);
    const slowest = await postAll(client, { sends, each, everyMs, contacts, flowId });
    for (const link of [...links, ...mail]) link.setFaulty(false);
    say(
      `links: ${[...links, ...mail].map(({ counts }) => `${counts.opened} opened, ${counts.reset} reset, ${counts.silent} silent`).join("; ")}`,
    );

    const begun = performance.now();
    const seconds = () => (performance.now() - begun) / 1_000;
    while ((await countStranded(db)) > 0 && seconds() < 120) await sleep(250);
    const [strandedFor, stillStranded] = [seconds(), await countStranded(db)];
    const forAnotherTry = await sayWaits(db);
    if (forAnotherTry) say(`waiting for another try after ${strandedFor.toFixed(1)} s: ${forAnotherTry}`);
    const open = () => db.selectFrom("flow_sends").select("id").where("ended_at", "is", null).execute();
    while ((await open()).length > 0 && seconds() < longestTries) await sleep(250);
    const doneAfter = seconds();
    const stillOpen = (await open()).length;
    if (stillOpen > 0) say(`not done: ${await sayWaits(db)}`);
    const ids = await arrivedIds(sink);
    const count = async (statuses: string[]) =>
      (await db.selectFrom("messages").select("id").where("channel", "=", "email").where("status", "in", statuses).execute()).length;
    const [sent, unknown] = [await count(["sent", "delivered"]), await count(["unknown", "held"])];
    const ready = await Promise.all([web, ...workers].map(isReady));
    const sum = (one: "reset" | "silent") => [...links, ...mail].reduce((total, { counts }) => total + counts[one], 0);
    return [
      atLeast("connections reset", sum("reset"), 3),
      atLeast("connections gone silent", sum("silent"), 2),
      atMost("the slowest request, until answered or broken", slowest, 20, " s"),
      exactly("executions neither ended nor waiting for another try, once the network was calm", stillStranded, 0),
      atMost("time until then", strandedFor, 60, " s"),
      exactly("sends not done", stillOpen, 0),
      atMost("time until all was done, with the tries that were waited for", doneAfter, longestTries, " s"),
      exactly("mails that arrived twice", ids.length - new Set(ids).size, 0),
      exactly("mails called sent that did not arrive", Math.max(0, sent - new Set(ids).size), 0),
      atLeast("mails that arrived, of all but those in doubt", new Set(ids).size, 2 * sends * each - 2 * unknown),
      exactly("processes that live and are ready", ready.filter(Boolean).length, hosts.length),
      await totalsOf(db),
    ];
  } finally {
    await Promise.all([...links, ...mail].map((link) => link.stop()));
    await sink.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tells what the executions that have not ended wait for. */
async function sayWaits(db: Db): Promise<string> {
  const { rows } = await sql<{ line: string }>`
    select concat_ws(' ', count(*), e.waiting_for, s.reason, 'try', s.attempt, 'in',
      round(extract(epoch from max(e.wake_at) - clock_timestamp())), 's') as line
    from flow_executions e
    left join flow_execution_steps s on s.flow_execution_id = e.id and s.visit = e.visit and s.attempt = e.attempt and s.status = 'waiting'
    where e.status in ('pending', 'running') group by e.waiting_for, s.reason, s.attempt order by 1`.execute(db);
  return rows.map(({ line }) => line).join("; ");
}

/** The first host is a web server, the others are workers. Each finds its database at this side's end of its link. */
async function startAt(stage: Stage, host: Host, index: number, { port, ca }: { port: number; ca: string }): Promise<ProductProcess> {
  const database = new URL(stage.url);
  database.host = `${host.gateway}:${port}`;
  const ops = ["--metrics-port", String(opsPort), "--metrics-host", host.address];
  const role = index === 0 ? ["--role=web", "--host", host.address, "--port", String(webPort)] : ["--role=worker"];
  const env = { DATABASE_URL: database.toString(), PUBLIC_URL: `http://${host.address}:${webPort}`, NODE_EXTRA_CA_CERTS: ca };
  return stage.start([...role, ...ops], env, { through: host.through });
}

interface Posting {
  sends: number;
  each: number;
  everyMs: number;
  contacts: string[];
  flowId: string;
}

/**
 * Posts one send after the other and repeats each until it is answered. Returns the longest time of a single request,
 * in seconds.
 */
async function postAll(client: Client, { sends, each, everyMs, contacts, flowId }: Posting): Promise<number> {
  let slowest = 0;
  const one = async (index: number) => {
    const ids = contacts.slice(index * each, (index + 1) * each);
    const body = { sendId: crypto.randomUUID(), flowId, selection: { type: "ids", ids } };
    for (let tries = 0; tries < 40; tries += 1) {
      const begun = performance.now();
      const answer = await client.post("/api/sends", body, { signal: AbortSignal.timeout(patienceMs) }).catch(() => undefined);
      slowest = Math.max(slowest, (performance.now() - begun) / 1_000);
      if (answer?.status === 202) return;
      if (answer && answer.status < 500) throw new Error(`The send was refused: ${answer.text}`);
      await sleep(500);
    }
    throw new Error("A send was not accepted however often it was asked for.");
  };
  const all: Promise<void>[] = [];
  for (let index = 0; index < sends; index += 1) {
    all.push(one(index));
    await sleep(everyMs);
  }
  await Promise.all(all);
  return slowest;
}

/** Whether the process is alive and says within half a minute that it can be given work. */
async function isReady({ child, ready: { opsUrl } }: ProductProcess): Promise<boolean> {
  for (let tries = 0; tries < 30 && child.exitCode === null; tries += 1) {
    const answer = await fetch(`${opsUrl}/readyz`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
    if (answer?.status === 200) return true;
    await sleep(1_000);
  }
  return false;
}
