import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { PeopleMove } from "#contract/flow-publish.ts";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "#db/client.ts";
import { findDraft } from "#db/queries/flow-drafts.ts";
import { SimulatedCrash } from "#engine/base/break-point.ts";
import { EngineRefusal } from "#engine/base/refusal.ts";
import type { CreateSendInput } from "#engine/engine.ts";
import type { TestEngine } from "../engine.ts";
import { freeTheDead, sendTo, startTestEngine } from "../engine.ts";
import { buildFlow, buildWorkspace } from "../factories.ts";
import { draftFlow } from "../publish.ts";
import type { Command, Control } from "./commands.ts";
import { flowCount } from "./commands.ts";
import { flowVariants } from "./flows.ts";
import { Life } from "./life.ts";
import { People } from "./people.ts";
import type { Answer, Call } from "./providers.ts";
import { modelProvider } from "./providers.ts";

/** The engine, the world around it, and what the model remembers of both. */
export class World {
  readonly db: Db;
  readonly workspaceId: string;
  readonly calls: Call[] = [];
  /** Violations are recorded at once, because the state that caused them is gone afterwards. */
  readonly faults: string[] = [];
  /** Turns in which a process died. The messages that it had claimed are in doubt. */
  readonly crashedTurns = new Set<number>();
  /** Channels for which the workspace, at some time, had messages in doubt sent once more. */
  readonly resending = new Set<Channel>();
  /** Sends and executions of which nothing may leave, and in which range of turns. */
  readonly held = new Map<string, { from: number; to: number }[]>();
  #turn = 0;
  #ahead = 0;
  #people!: People;
  #engine!: TestEngine;
  #life!: Life;
  readonly #flows: string[] = [];
  readonly #sends: CreateSendInput[] = [];
  readonly #told: Record<Channel, Answer[]> = { sms: [], email: [] };

  private constructor(db: Db, workspaceId: string) {
    this.db = db;
    this.workspaceId = workspaceId;
  }

  static async open(db: Db): Promise<World> {
    const world = new World(db, await buildWorkspace(db));
    world.#people = await People.open(db, world.workspaceId);
    for (let i = 0; i < flowCount; i += 1) world.#flows.push(await buildFlow(db, world.workspaceId, pick(flowVariants, i)));
    await world.#begin();
    return world;
  }

  /** Does one command. After a crash a new process is started, as a supervisor would do. */
  async apply(command: Command): Promise<void> {
    this.#turn += 1;
    const life = this.#life;
    try {
      await life.run(() => this.#act(command));
    } catch (error) {
      if (!(error instanceof EngineRefusal) && !(error instanceof SimulatedCrash)) throw error;
    }
    this.#people.endTurn(life.isDead);
    if (life.isDead) {
      this.crashedTurns.add(this.#turn);
      await this.#begin(this.#engine);
    }
    if (command.kind === "control" || command.kind === "cancel execution") await this.#lookWhatIsHeld();
  }

  /** Moves the clock with working providers, nothing held and no more crashes, until every execution has ended. */
  async settle(): Promise<void> {
    this.#life.crashAt = undefined;
    this.#told.sms.length = 0;
    this.#told.email.length = 0;
    for (const [send] of this.#sends.entries()) await this.apply({ kind: "control", what: "resume", send });
    for (let i = 0; i < 40; i += 1) {
      await this.apply({ kind: "run", seconds: i % 2 === 0 ? 121 : 7_200 });
      if ((await this.openCount()) === 0) break;
    }
    // This runs the clean-up after the last of them.
    await this.apply({ kind: "run", seconds: 121 });
  }

  /** How many sends and executions have not ended. */
  async openCount(): Promise<number> {
    const { rows } = await sql<{ count: number }>`select (select count(*) from flow_executions where workspace_id = ${this.workspaceId}
      and status in ('pending', 'running'))::int + (select count(*) from flow_sends where workspace_id = ${this.workspaceId}
      and ended_at is null)::int as count`.execute(this.db);
    return rows[0]?.count ?? 0;
  }

  async #act(command: Command): Promise<void> {
    const { db, workspaceId } = this;
    const { engine } = this.#engine;
    switch (command.kind) {
      case "send":
        return this.#send(command);
      case "repeat send":
        return this.#sends.length === 0 ? undefined : this.#createSend(pick(this.#sends, command.send));
      case "run":
        this.#ahead += command.seconds * 1000;
        await this.#engine.wait(command.seconds);
        return;
      case "providers answer":
        this.#told[command.channel].push(...command.answers);
        return;
      case "edit contact":
        return this.#people.edit(command.who, command.change, this.#turn);
      case "delete contact": {
        this.#people.markGone(command.who);
        const selection = { type: "ids" as const, ids: [this.#people.id(command.who)] };
        await engine.deleteContacts({ workspaceId, selection, actor: { id: randomUUID(), name: "Somebody" } });
        return;
      }
      case "edit flow": {
        const { nodes, edges } = pick(flowVariants, command.variant);
        await sql`update flows set nodes = ${JSON.stringify(nodes)}::jsonb, edges = ${JSON.stringify(edges)}::jsonb
          where id = ${this.#flows[command.flow]}`.execute(db);
        return;
      }
      case "publish":
        return this.#publish(command);
      case "crash":
        this.#life.crashAt = { point: command.point, nth: command.nth };
        return;
      case "double jobs":
        await sql`insert into private.inline_jobs (job, priority, run_at) select job, priority, run_at from private.inline_jobs`.execute(
          db,
        );
        return;
      case "doubt rule":
        await sql`update workspaces set ${sql.ref(`${command.channel}_in_doubt`)} = ${command.rule} where id = ${workspaceId}`.execute(db);
        if (command.rule === "resend") this.resending.add(command.channel);
        return;
      case "control":
        return this.#sends.length === 0 ? undefined : this.#control(pick(this.#sends, command.send).sendId as string, command.what);
      case "cancel execution": {
        const ids = await db.selectFrom("flow_executions").select("id").where("workspace_id", "=", workspaceId).orderBy("id").execute();
        if (ids.length > 0) await engine.cancelExecution({ workspaceId, executionId: pick(ids, command.execution).id });
      }
    }
  }

  /** Publishes another graph, with a choice for each step where somebody is. Some choices are refused. */
  async #publish({ flow, variant, choices }: Extract<Command, { kind: "publish" }>): Promise<void> {
    const { db, workspaceId } = this;
    const { engine } = this.#engine;
    const flowId = this.#flows[flow] as string;
    const graph = pick(flowVariants, variant);
    const { live } = (await findDraft(db, { workspaceId, flowId })) ?? { live: "" };
    const revision = await draftFlow(db, { workspaceId, flowId, graph });
    const { people } = await engine.previewPublish({ workspaceId, flowId, revision });
    const moves = people.map(({ nodeId, choices: allowed }, index): PeopleMove => {
      const chosen = choices[index % choices.length] ?? 0;
      const action = pick(allowed, chosen);
      return action === "node" ? { nodeId, action, toNodeId: pick(graph.nodes.slice(1), chosen).id } : { nodeId, action };
    });
    await engine.publishFlow({ workspaceId, flowId, revision, replaces: live, moves, note: null, actor: { id: null, name: "Somebody" } });
  }

  async #send({ flow, who, byFilter, undoSeconds }: Extract<Command, { kind: "send" }>): Promise<void> {
    const ids = who.map((index) => this.#people.id(index));
    const input = sendTo(this.workspaceId, this.#flows[flow] as string, ids, { sendId: randomUUID(), undoSeconds });
    if (byFilter) input.selection = { type: "filter", filter: { tests: [] }, excluded: ids.slice(1) };
    this.#sends.push(input);
    await this.#createSend(input);
  }

  /** The same id again is the same send, whatever happened to the first request. */
  async #createSend(input: CreateSendInput): Promise<void> {
    const before = await this.db
      .selectFrom("flow_sends")
      .select("id")
      .where("id", "=", input.sendId as string)
      .execute();
    const { created } = await this.#engine.engine.createSend(input);
    if (created !== (before.length === 0)) this.faults.push(`a send was ${created ? "made twice" : "not made"}`);
  }

  async #control(sendId: string, what: Control): Promise<void> {
    const { engine } = this.#engine;
    const input = { workspaceId: this.workspaceId, sendId, actor: { id: null, name: "Somebody" } };
    if (what === "pause") return engine.pauseSend(input);
    if (what === "resume") return engine.resumeSend(input);
    const account = await (what === "stop" ? engine.stopSend(input) : engine.undoSend(input));
    const { enrolled } = await this.db.selectFrom("flow_sends").select("enrolled").where("id", "=", sendId).executeTakeFirstOrThrow();
    if (account.ended + account.stopped + account.inFlight + account.finishing !== enrolled)
      this.faults.push(`the account of a ${what} does not add up`);
    if (what === "undo" && account.sent + account.inFlight > 0) this.faults.push("a send was undone of which messages had left");
  }

  /** The rows say what is really held, because a crash may have come before or after the change. */
  async #lookWhatIsHeld(): Promise<void> {
    const { rows } = await sql<{ id: string }>`
      select id from flow_sends where workspace_id = ${this.workspaceId} and state in ('paused', 'stopped', 'undone')
      union all select id from flow_executions where workspace_id = ${this.workspaceId} and cancel_reason is not null`.execute(this.db);
    const now = new Set(rows.map(({ id }) => id));
    for (const [id, times] of this.held) if (!now.has(id)) for (const time of times) time.to = Math.min(time.to, this.#turn);
    for (const id of now) {
      const times = this.held.get(id) ?? [];
      if (!times.some(({ to }) => to === Number.POSITIVE_INFINITY)) {
        this.held.set(id, [...times, { from: this.#turn, to: Number.POSITIVE_INFINITY }]);
      }
    }
  }

  /** Starts a process. A process that comes after a crash finds the dead one and frees what it held. */
  async #begin(dead?: TestEngine): Promise<void> {
    this.#life = new Life();
    const provider = (channel: Channel) => modelProvider(channel, this.#told[channel], (call) => this.#onCall(call));
    const providers = { sms: provider("sms"), email: provider("email") };
    this.#engine = await startTestEngine(this.db, { providerFor: async (_, channel) => providers[channel] });
    this.#engine.driver.clock.forward(this.#ahead);
    if (dead) await freeTheDead(this.db, dead);
  }

  #onCall(call: Omit<Call, "at" | "turn">): void {
    this.calls.push({ ...call, at: Date.now() + this.#ahead, turn: this.#turn });
    const fault = this.#people.faultOf(call.channel, call.to);
    if (fault) this.faults.push(`${call.channel} to ${fault}, in turn ${this.#turn}`);
    if (call.answer === "no such address") this.#people.hearWrong(call.to);
  }
}

function pick<T>(values: readonly T[], index: number): T {
  return values[index % values.length] as T;
}
