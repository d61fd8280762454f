import { sql } from "kysely";
import { type ApprovalRules, type ReturnReason, readApprovalRules } from "#contract/approvals.ts";
import type { Selection } from "#contract/contacts.ts";
import type { FrozenLaunch } from "#contract/judge-launch.ts";
import { messageLimits } from "#contract/queue.ts";
import type { CanaryTerms } from "#contract/send-canary.ts";
import { readSendingRules } from "#contract/sending-rules.ts";
import type { Drip, SendStart } from "#contract/sends.ts";
import type { Db, Tx } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import type { Actor } from "../send-api.ts";

interface OfSend {
  workspaceId: string;
  sendId: string;
}

export async function findApprovalRules(tx: Tx, workspaceId: string): Promise<ApprovalRules> {
  const row = await tx.selectFrom("workspaces").select("approval_rules").where("id", "=", workspaceId).executeTakeFirst();
  return readApprovalRules(row?.approval_rules);
}

/** How many people could approve a send that this person asks for. */
export async function countOtherApprovers(tx: Tx, { workspaceId, personId }: { workspaceId: string; personId: string }): Promise<number> {
  const { rows } = await sql<{ others: number }>`
    select count(*)::int as others from workspace_members
    where workspace_id = ${workspaceId} and kind = 'user' and role in ('admin', 'owner') and user_id <> ${personId}::uuid`.execute(tx);
  return rows[0]?.others ?? 0;
}

export interface Ask {
  state: "asked" | "approved" | "refused" | "withdrawn";
  round: number;
  hash: string;
  flowHash: string | null;
  contacts: number;
  askedBy: string | null;
  decidedByName: string | null;
  returnedBecause: ReturnReason | null;
  contactsBefore: number | null;
  own: FrozenLaunch["own"];
  flowId: string;
  flowVersionId: string;
  /** Of the version that the send follows. */
  versionHash: string;
  seenPublication: number;
  selection: Selection;
  options: Record<string, unknown>;
  start: SendStart | null;
  drip: Drip | null;
  notLaterThan: Date | null;
  oncePerAddress: boolean;
  /** With how many contacts it begins, and what decides about the rest. */
  canary: CanaryTerms | null;
  limits: { perContactDay: number; marketingPerDay: number | null; marketingPerWeek: number | null };
  /** When the first contact may begin; null: at once. On the contacts' own clocks that is where the day begins first. */
  firstAt: Date | null;
  /** The planned moment on the workspace's clock is over. */
  startPassed: boolean;
  now: Date;
}

type AskRow = Omit<Ask, "own" | "limits"> & {
  ownValues: Record<string, Record<string, never>> | null;
  rules: unknown;
  perContactDay: number | null;
};

/** An approval with everything that it is about. Undefined where the send needed none. */
export async function readAsk(db: Db, { workspaceId, sendId }: OfSend, clock: Clock): Promise<Ask | undefined> {
  const { rows } = await sql<AskRow>`
    select a.state, a.round, a.hash, a.flow_hash as "flowHash", a.contacts, a.asked_by as "askedBy", a.decided_by_name as "decidedByName",
      a.returned_because as "returnedBecause", a.contacts_before as "contactsBefore", a.own_values as "ownValues",
      s.flow_id as "flowId", s.flow_version_id as "flowVersionId", v.hash as "versionHash", coalesce(s.seen_publication, 0) as "seenPublication",
      s.selection, s.options, s.start, s.drip, s.not_later_than as "notLaterThan", s.address_scope is not null as "oncePerAddress",
      (select jsonb_build_object('contacts', k.contacts, 'percent', k.percent, 'minutes', k.minutes, 'failurePercent', k.failure_percent,
        'optOutPercent', k.opt_out_percent) from send_canaries k where k.workspace_id = s.workspace_id and k.send_id = s.id) as canary,
      w.sending_rules as rules, l.messages_per_contact_day as "perContactDay",
      case s.start ->> 'zone' when 'contact' then (s.start ->> 'at')::timestamp at time zone 'Etc/GMT-14' else s.start_at end as "firstAt",
      coalesce((s.start ->> 'at')::timestamp at time zone w.time_zone <= ${clock.now}, false) as "startPassed", ${clock.now} as now
    from send_approvals a
    join flow_sends s on s.workspace_id = a.workspace_id and s.id = a.send_id
    join flow_versions v on v.workspace_id = s.workspace_id and v.id = s.flow_version_id
    join workspaces w on w.id = a.workspace_id
    left join private.workspace_limits l on l.workspace_id = a.workspace_id
    where a.workspace_id = ${workspaceId} and a.send_id = ${sendId}::uuid`.execute(db);
  const [row] = rows;
  if (!row) return undefined;
  const { ownValues, rules, perContactDay, ...ask } = row;
  const { marketingPerDay, marketingPerWeek } = readSendingRules(rules);
  return {
    ...ask,
    own: new Map(Object.entries(ownValues ?? {})),
    limits: { perContactDay: perContactDay ?? messageLimits.perContactDay.usual, marketingPerDay, marketingPerWeek },
  };
}

/** Writes that a send is to be approved. The hash is written once everything that it stands for is. */
export async function insertApproval(
  tx: Tx,
  ask: OfSend & {
    contacts: number;
    flowHash: string | null;
    askedBy: { id: string; name: string | null };
    own: FrozenLaunch["own"];
  },
  clock: Clock,
): Promise<void> {
  const own = ask.own.size > 0 ? JSON.stringify(Object.fromEntries(ask.own)) : null;
  await sql`
    insert into send_approvals (send_id, workspace_id, hash, flow_hash, contacts, asked_at, asked_by, asked_by_name, own_values)
    values (${ask.sendId}::uuid, ${ask.workspaceId}, '', ${ask.flowHash}, ${ask.contacts}::int, ${clock.now}, ${ask.askedBy.id}::uuid,
      ${ask.askedBy.name}, ${own}::jsonb)`.execute(tx);
}

export async function writeHash(tx: Tx, { workspaceId, sendId }: OfSend, hash: string): Promise<void> {
  await sql`update send_approvals set hash = ${hash} where workspace_id = ${workspaceId} and send_id = ${sendId}::uuid`.execute(tx);
}

/**
 * Writes what an admin decided, or that it was withdrawn. It is a compare-and-set write.
 *
 * @returns false when it was decided before
 */
export async function writeDecision(
  tx: Tx,
  { workspaceId, sendId, actor, state, comment }: OfSend & { actor: Actor; state: Exclude<Ask["state"], "asked">; comment: string | null },
  clock: Clock,
): Promise<boolean> {
  const { rows } = await sql`
    update send_approvals set state = ${state}, decided_at = ${clock.now}, decided_by = ${actor.id}::uuid, decided_by_name = ${actor.name},
      comment = ${comment}, own_values = case when ${state} = 'approved' then own_values end
    where workspace_id = ${workspaceId} and send_id = ${sendId}::uuid and state = 'asked' returning 1`.execute(tx);
  return rows.length > 0;
}

/**
 * Lets an approved send begin: now, or at its planned start, when its audience is looked at once more. A send means the contacts who
 * exist when it begins.
 */
export async function releaseSend(
  tx: Tx,
  { workspaceId, sendId, after }: OfSend & { after: Date | null },
  clock: Clock,
): Promise<{ expected: number }> {
  const { rows } = await sql<{ expected: number }>`
    update flow_sends set state = case when state <> 'awaiting_approval' then state when enrolled_at is null then 'enrolling' else 'running' end,
      enroll_after = ${after},
      options = case when ${after === null} then options || jsonb_build_object('audienceAt', ${clock.now}::text) else options end
    where workspace_id = ${workspaceId} and id = ${sendId}::uuid returning expected`.execute(tx);
  return rows[0] as { expected: number };
}

/** Writes that a send waits again, with what it means now. */
export async function writeReturn(
  tx: Tx,
  back: OfSend & {
    because: ReturnReason;
    contacts: number;
    /** How many contacts are selected, those who are gone among them. */
    expected: number;
    /** What it follows from now on, where the flow was changed. */
    fit:
      | { versionId: string; number: number; flowHash: string; lastPublication: number; given: object; own: FrozenLaunch["own"] }
      | undefined;
  },
  clock: Clock,
): Promise<void> {
  const { workspaceId, sendId, fit } = back;
  const options = fit
    ? sql`jsonb_set(options, '{metadata,flowVersion}', to_jsonb(${fit.number}::int)) || jsonb_build_object('given', ${JSON.stringify(fit.given)}::jsonb)`
    : sql`options`;
  await sql`
    update flow_sends set state = 'awaiting_approval', enroll_after = null, expected = ${back.expected}::int, options = ${options},
      flow_version_id = coalesce(${fit?.versionId ?? null}::uuid, flow_version_id),
      seen_publication = coalesce(${fit?.lastPublication ?? null}::int, seen_publication)
    where workspace_id = ${workspaceId} and id = ${sendId}::uuid`.execute(tx);
  const own = fit && fit.own.size > 0 ? JSON.stringify(Object.fromEntries(fit.own)) : null;
  await sql`
    update send_approvals set state = 'asked', round = round + 1, returned_because = ${back.because}, returned_at = ${clock.now},
      contacts_before = contacts, contacts = ${back.contacts}::int, decided_at = null, decided_by = null, decided_by_name = null, comment = null,
      flow_hash = coalesce(${fit?.flowHash ?? null}, flow_hash), own_values = coalesce(${own}::jsonb, own_values)
    where workspace_id = ${workspaceId} and send_id = ${sendId}::uuid`.execute(tx);
}

/** The values of single contacts stand with their executions from now on. */
export async function forgetOwnValues(tx: Tx, { workspaceId, sendId }: OfSend): Promise<void> {
  await sql`update send_approvals set own_values = null
    where workspace_id = ${workspaceId} and send_id = ${sendId}::uuid and own_values is not null`.execute(tx);
}

/** Tells the admins that a send waits for them, but not who asked, because they cannot decide. Each round is a notice of its own. */
export async function noteAsked(tx: Tx, { workspaceId, sendId }: OfSend): Promise<void> {
  await sql`
    insert into notices (workspace_id, kind, cause, send_id, to_admins, except_user)
    select a.workspace_id, 'approval_asked', a.send_id || ' ' || a.round, a.send_id, true, a.asked_by
    from send_approvals a where a.workspace_id = ${workspaceId} and a.send_id = ${sendId}::uuid
    on conflict do nothing`.execute(tx);
}

/** Takes away what told the admins of it: there is nothing to do any more. */
export async function forgetAsked(tx: Tx, { workspaceId, sendId }: OfSend): Promise<void> {
  await sql`delete from notices where workspace_id = ${workspaceId} and send_id = ${sendId}::uuid and kind = 'approval_asked'`.execute(tx);
}

/** Tells who asked what became of it, while they are a member. */
export async function noteDecided(
  tx: Tx,
  { workspaceId, sendId, what }: OfSend & { what: "approved" | "refused" | "returned" },
): Promise<void> {
  await sql`
    insert into notices (workspace_id, kind, cause, detail, send_id, to_user)
    select a.workspace_id, 'approval_decided', a.send_id || ' ' || a.round || ' ' || ${what}, ${what}, a.send_id, a.asked_by
    from send_approvals a join workspace_members m on m.workspace_id = a.workspace_id and m.user_id = a.asked_by
    where a.workspace_id = ${workspaceId} and a.send_id = ${sendId}::uuid
    on conflict do nothing`.execute(tx);
}

/** Who asked for the sends of a flow that were approved and are under way, or below which the flow was started. */
export async function listApprovedUnderWay(
  tx: Tx,
  { workspaceId, flowId }: { workspaceId: string; flowId: string },
): Promise<Pick<Ask, "askedBy">[]> {
  const { rows } = await sql<Pick<Ask, "askedBy">>`
    select distinct a.asked_by as "askedBy" from send_approvals a
    join flow_sends s on s.workspace_id = a.workspace_id and coalesce(s.root_send_id, s.id) = a.send_id
    where a.workspace_id = ${workspaceId} and a.state = 'approved' and s.workspace_id = ${workspaceId} and s.flow_id = ${flowId}::uuid and s.ended_at is null`.execute(
    tx,
  );
  return rows;
}
