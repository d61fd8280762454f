import { sql } from "kysely";
import type { LinkTracking } from "#contract/link-tracking.ts";
import { readSendingRules, type SendingRules } from "#contract/sending-rules.ts";
import type { Db } from "../client.ts";
import { allowedCountries } from "./sms-countries.ts";

/** What a workspace says of all its messages, as the gate asks. */
export interface WorkspaceRules {
  smsCountries: ReadonlySet<string>;
  rules: SendingRules;
  tracking: LinkTracking;
}

/** The rules of a workspace now. They are read for each batch, so that a change holds for what has not left yet. */
export async function findWorkspaceRules(db: Db, workspaceId: string): Promise<WorkspaceRules> {
  const { rows } = await sql<{ countries: string[]; rules: unknown; clicks: boolean; opens: boolean; domain: string | null }>`
    select ${allowedCountries} as countries, w.sending_rules as rules, w.track_clicks as clicks, w.track_opens as opens,
      w.short_domain as domain
    from public.workspaces w where w.id = ${workspaceId}`.execute(db);
  const [row] = rows;
  return {
    smsCountries: new Set(row?.countries),
    rules: readSendingRules(row?.rules),
    tracking: { clicks: row?.clicks ?? false, opens: row?.opens ?? false, shortDomain: row?.domain ?? null },
  };
}

export async function saveSendingRules(db: Db, { workspaceId, rules }: { workspaceId: string; rules: SendingRules }): Promise<void> {
  await db
    .updateTable("workspaces")
    .set({ sending_rules: JSON.stringify(rules) })
    .where("id", "=", workspaceId)
    .execute();
}
