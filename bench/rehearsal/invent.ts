import { sql } from "kysely";
import { getExampleNumber } from "libphonenumber-js/max";
import examples from "libphonenumber-js/mobile/examples";
import { readSendingRules } from "#contract/sending-rules.ts";
import type { Db } from "#db/client.ts";
import { RehearsalRefused, type StoredFlow } from "./stored-flow.ts";

/** The last digits of an invented number, which tell the contacts apart. */
const ownDigits = 6;
export const mostContacts = 10 ** ownDigits;

/**
 * Puts the flow into an empty database, with invented people. The rules of the workspace hold, but for its sandbox and the proof
 * of consent: invented people would get nothing. `anyHour`: its quiet hours do not hold either.
 */
export async function invent(db: Db, stored: StoredFlow, { contacts, anyHour }: { contacts: number; anyHour: boolean }): Promise<void> {
  const { workspace, flows, statuses, limits } = stored;
  const rules = readSendingRules(workspace.sending_rules);
  const sendingRules = {
    ...rules,
    smsConsent: "not_needed",
    sandbox: { on: false, addresses: [] },
    ...(anyHour && { quietHours: { ...rules.quietHours, on: false } }),
  };
  await db
    .insertInto("workspaces")
    .values({ ...workspace, sending_rules: JSON.stringify(sendingRules), undo_seconds: 0 })
    .execute();
  await db.deleteFrom("lead_statuses").where("workspace_id", "=", workspace.id).execute();
  if (statuses.length > 0) {
    await db
      .insertInto("lead_statuses")
      .values(statuses.map((one) => ({ ...one, workspace_id: workspace.id })))
      .execute();
  }
  if (limits)
    await db
      .insertInto("private.workspace_limits")
      .values({ ...limits, workspace_id: workspace.id })
      .execute();
  for (const { nodes, edges, settings, ...flow } of flows) {
    const graph = { nodes: JSON.stringify(nodes), edges: JSON.stringify(edges), settings: JSON.stringify(settings) };
    await db
      .insertInto("flows")
      .values({ ...flow, ...graph, workspace_id: workspace.id })
      .execute();
  }
  await inventContacts(db, stored, contacts);
}

/** People who can be reached on both channels, with numbers of the workspace's country and, in turn, each of its statuses. */
async function inventContacts(db: Db, { workspace, statuses }: StoredFlow, contacts: number): Promise<void> {
  const names = statuses.map(({ name }) => name);
  await sql`
    insert into contacts (workspace_id, firstname, lastname, email, phone_number, phone_e164, lead_status, metadata)
    select ${workspace.id}, (array['Ada','Grace','Linus','Mary','Ken','Barbara','Alan','Edith'])[1 + n % 8], 'Number ' || n,
      'person' || n || '@example.invalid', phone, phone, (${names}::text[])[1 + n % greatest(${names.length}::int, 1)],
      jsonb_build_object('plan', (array['basic','pro'])[1 + n % 2], 'points', n % 100)
    from (select n, ${numbersOf(workspace)} || lpad(n::text, ${ownDigits}::int, '0') as phone from generate_series(0, ${contacts - 1}::int) n) people`.execute(
    db,
  );
  await sql`vacuum analyze contacts`.execute(db);
}

/** The beginning of mobile numbers of a country that the workspace may write to. */
function numbersOf({ country, sms_countries: allowed }: StoredFlow["workspace"]): string {
  const of = allowed === null || allowed.includes(country) ? country : allowed[0];
  const example = getExampleNumber(of as Parameters<typeof getExampleNumber>[0], examples)?.number;
  if (!example) throw new RehearsalRefused(`No phone numbers can be invented for the country ${of ?? "(none)"} of the workspace.`);
  return example.slice(0, -ownDigits);
}
