import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import { CanaryFinding, CanarySeen, nothingSeen, type SendCanary } from "#contract/send-canary.ts";

/** A row of `send_canaries` as JSON, whose times are texts of Postgres. */
interface StoredCanary
  extends Pick<SendCanary, "contacts" | "percent" | "minutes" | "failurePercent" | "optOutPercent" | "few" | "openedBy" | "openedByName"> {
  fewBeginBy: string | null;
  seen: unknown;
  watchedSince: string | null;
  heldAt: string | null;
  heldFor: unknown;
  openedAt: string | null;
  version: number;
  newestVersion: number | null;
}

/**
 * The canary of a send `s` as JSON, or null. While the rest waits, its version is that of the last of them: a publication may have
 * moved those who have not begun.
 */
export const canaryOfSend: RawBuilder<StoredCanary | null> = sql`(
  select json_build_object('contacts', k.contacts, 'percent', k.percent, 'minutes', k.minutes, 'failurePercent', k.failure_percent,
    'optOutPercent', k.opt_out_percent, 'few', k.few, 'fewBeginBy', k.few_begin_by, 'seen', k.seen, 'watchedSince', k.watched_since,
    'heldAt', k.held_at, 'heldFor', k.held_for, 'openedAt', k.opened_at, 'openedBy', k.opened_by, 'openedByName', k.opened_by_name,
    'version', (select v.number from flow_versions v where v.workspace_id = s.workspace_id and v.id = coalesce(
      case when k.opened_at is null then (select e.flow_version_id from flow_executions e
        where e.workspace_id = s.workspace_id and e.send_id = s.id and e.status = 'pending' order by e.seq desc limit 1) end,
      s.flow_version_id)),
    'newestVersion', case when k.opened_at is null then (
      select v.number from flow_publications p join flow_versions v on v.workspace_id = p.workspace_id and v.id = p.version_id
      where p.workspace_id = s.workspace_id and p.flow_id = s.flow_id order by p.seq desc limit 1) end)
  from send_canaries k where k.workspace_id = s.workspace_id and k.send_id = s.id)`;

export function toCanary(row: StoredCanary | null): SendCanary | null {
  if (row === null) return null;
  const { newestVersion, fewBeginBy, seen, watchedSince, heldAt, heldFor, openedAt, ...plain } = row;
  return {
    ...plain,
    fewBeginBy: moment(fewBeginBy),
    seen: CanarySeen.safeParse(seen).data ?? nothingSeen,
    watchedSince: moment(watchedSince),
    decidesAt: watchedSince === null ? null : new Date(Date.parse(watchedSince) + plain.minutes * 60_000).toISOString(),
    heldAt: moment(heldAt),
    heldFor: CanaryFinding.array().safeParse(heldFor).data ?? [],
    openedAt: moment(openedAt),
    newerVersion: newestVersion !== null && newestVersion > plain.version ? newestVersion : null,
  };
}

const moment = (text: string | null): string | null => (text === null ? null : new Date(text).toISOString());
