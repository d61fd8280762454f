import { sql } from "kysely";
import { bulkJobDays } from "#contract/bulk-jobs.ts";
import { discardedDrafts } from "#contract/flow-drafts.ts";
import { forecastDays } from "#contract/forecasts.ts";
import { undoDays } from "#contract/imports.ts";
import { noticeDays } from "#contract/notices.ts";
import { sampleDays } from "#contract/webhook-trials.ts";
import type { Db } from "../client.ts";
import { emptyFlowBin } from "./flow-ends.ts";
import { forgetFormerProviders } from "./former-providers.ts";
import { deleteOldIdempotencyKeys } from "./idempotency-keys.ts";

/**
 * Removes what has served its time and holds something about people: sessions that ended, counts of guesses, stored
 * answers. Each with its own statement, so that one of them being locked does not keep the others. Runs as the owner.
 */
export async function deleteExpiredRows(db: Db): Promise<void> {
  await deleteOldIdempotencyKeys(db);
  await db.deleteFrom("private.sessions").where("expires_at", "<", sql<Date>`now()`).execute();
  await db.deleteFrom("private.sessions").where("created_at", "<", sql<Date>`now() - interval '30 days'`).execute();
  await db.deleteFrom("private.verifications").where("expires_at", "<", sql<Date>`now()`).execute();
  await sql`delete from private.ended_sessions where forget_at < now()`.execute(db);
  // The message itself says it for good; this is the short list of what somebody should look at now.
  await sql`delete from private.unknown_messages where became_at < now() - interval '7 days'`.execute(db);
  // A provider that repeats a report does so within days.
  await sql`delete from private.delivery_reports where received_at < now() - interval '14 days'`.execute(db);
  await forgetFormerProviders(db);
  // Tabs whose process died without a word; nobody counts them any more.
  await sql`delete from private.flow_presence where seen_at < now() - interval '1 hour'`.execute(db);
  // An import can be undone for so long.
  await sql`delete from contact_import_changes where at < now() - make_interval(days => ${undoDays})`.execute(db);
  await sql`delete from flow_discarded_drafts where discarded_at < now() - make_interval(days => ${discardedDrafts.days})`.execute(db);
  await sql`delete from webhook_samples where tried_at < now() - make_interval(days => ${sampleDays})`.execute(db);
  await sql`delete from notices where last_at < now() - make_interval(days => ${noticeDays})`.execute(db);
  await emptyFlowBin(db);
  // A bulk change is kept with its results for so long, and until the job that undid it is as old.
  await sql`
    delete from bulk_jobs j where created_at < now() - make_interval(days => ${bulkJobDays})
      and not exists (select from bulk_jobs u where u.undo_of = j.id and u.created_at >= now() - make_interval(days => ${bulkJobDays}))`.execute(
    db,
  );
  // A forecast is kept for so long if a send followed it, and otherwise for a day, which is longer than a dialog stays open.
  await sql`
    delete from forecasts k where created_at < now() - make_interval(days => ${forecastDays}) or created_at < now() - interval '1 day'
      and not exists (select from flow_sends s where s.workspace_id = k.workspace_id and s.forecast_id = k.id)`.execute(db);
  // Longer than any limit looks back.
  await db
    .deleteFrom("private.rate_limits")
    .where("last_request", "<", sql<number>`(extract(epoch from now() - interval '1 day') * 1000)::bigint`)
    .execute();
}
