import { sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Db } from "#db/client.ts";
import { isNotBinned } from "#db/queries/contact-rows.ts";
import { findWorkspaceRules } from "#db/queries/sending-rules.ts";
import { closesFor } from "./closed-address-rows.ts";
import { isOutsideSandbox, toReason } from "./recipient-check.ts";

/**
 * The gate for a message that a person sends to an address, such as a test message: whether its owner has refused messages, on the
 * suppression list or as any contact with this address, and whether a sandbox is around the workspace. Null: it may leave.
 *
 * @param isHelp it answers HELP, which reaches also who has refused messages
 */
export async function judgeAddress(
  db: Db,
  { workspaceId, channel, to, isHelp = false }: { workspaceId: string; channel: Channel; to: string; isHelp?: boolean },
): Promise<Reason | null> {
  const [address, optedOut] =
    channel === "sms"
      ? [sql`c.phone_e164`, sql`c.sms_opted_out_at is not null`]
      : [sql`c.sort_email`, sql`c.email_opted_out_at is not null`];
  const { rows } = await sql<{ reason: string | null }>`
    select coalesce(
      (select 'dnc' from contacts c where c.workspace_id = ${workspaceId} and ${address} = lower(${to}) and ${isNotBinned("c")} and c.dnc limit 1),
      (select x.reason from suppressions x where x.workspace_id = ${workspaceId} and x.channel = ${channel} and x.address = lower(${to})
        and ${isHelp ? closesFor("help", "x") : sql`true`}),
      (select ${`opted_out_${channel}`} from contacts c
        where c.workspace_id = ${workspaceId} and ${address} = lower(${to}) and ${isNotBinned("c")} and ${optedOut} and not ${isHelp}::boolean limit 1)) as reason`.execute(
    db,
  );
  const reason = rows[0]?.reason ?? null;
  if (reason !== null) return toReason(reason, channel);
  const { rules } = await findWorkspaceRules(db, workspaceId);
  return isOutsideSandbox(to, rules) ? "sandbox" : null;
}
