import { sql } from "kysely";
import { readSendingRules, type SendingRules } from "#contract/sending-rules.ts";
import type { Db } from "../client.ts";
import { allowedCountries } from "./sms-countries.ts";

/** What a workspace says of all its messages, as the gate asks. */
export interface WorkspaceRules {
  smsCountries: ReadonlySet<string>;
  rules: SendingRules;
}

/** The rules of a workspace now. They are read for each batch, so that a change holds for what has not left yet. */
export async function findWorkspaceRules(db: Db, workspaceId: string): Promise<WorkspaceRules> {
  const { rows } = await sql<{ countries: string[]; rules: unknown }>`
    select ${allowedCountries} as countries, w.sending_rules as rules from public.workspaces w where w.id = ${workspaceId}`.execute(db);
  return { smsCountries: new Set(rows[0]?.countries), rules: readSendingRules(rows[0]?.rules) };
}

export async function saveSendingRules(db: Db, { workspaceId, rules }: { workspaceId: string; rules: SendingRules }): Promise<void> {
  await db
    .updateTable("workspaces")
    .set({ sending_rules: JSON.stringify(rules) })
    .where("id", "=", workspaceId)
    .execute();
}
