import { sql } from "kysely";
import type { Db } from "#db/client.ts";

/**
 * Contacts as an installation has them: names that many share and few, numbers, addresses, a handful of statuses of which
 * one is rare, some who opted out, some without a number, and one in fifty with a Chinese name.
 */
export async function seedPeople(db: Db, workspaceId: string, contacts: number): Promise<void> {
  await sql`
    insert into contacts (workspace_id, firstname, lastname, name, email, phone_number, phone_e164, lead_status, conversation_status, time_zone,
      metadata, created_at, updated_at, sms_opted_out_at, email_opted_out_at, dnc)
    select ${workspaceId},
      case when n % 50 = 0 then (array['伟','芳','娜','敏','静','丽','强','磊'])[1 + (n / 50) % 8]
        else (array['Ada','Grace','Linus','Mary','Ken','Barbara','Alan','Edith','Noor','Omar','Ines','Pavel','Yuki','Sofia','Liam','Chloe'])[1 + (n * 7) % 16] end,
      case when n % 50 = 0 then (array['王','李','张','刘','陈','杨','黄','赵'])[1 + (n / 400) % 8]
        else (array['Smith','Garcia','Müller','Rossi','Novak','Silva','Kim','Haddad','Okafor','Jensen','Dubois','Ivanova','Tanaka','Brown','Nguyen','Costa',
          'Zimmermann','Whitfield','Abernathy','Quispe'])[1 + (n * 13) % 20] || case when n % 3 = 0 then ' ' || upper(substr(md5(n::text), 1, 3)) else '' end end,
      null,
      case when n % 20 <> 3 then 'p' || substr(md5(n::text), 1, 10) || '@' || (array['example.test','mail.test','corp.test','post.test'])[1 + n % 4] end,
      case when n % 25 <> 4 then '+1 (' || 201 + n % 700 || ') ' || lpad((n / 700 % 1000)::text, 3, '0') || '-' || lpad((n * 7 % 10000)::text, 4, '0') end,
      case when n % 25 <> 4 then '+1' || 201 + n % 700 || lpad((n / 700 % 1000)::text, 3, '0') || lpad((n * 7 % 10000)::text, 4, '0') end,
      case when n % 50000 = 7 then 'Escalated' when n % 11 = 0 then null
        else (array['New','Qualified','Customer','New','Working','Lost','New'])[1 + n % 7] end,
      (array['New','Open','Closed'])[1 + n % 3],
      case when n % 4 = 0 then (array['America/New_York','America/Chicago','Europe/Berlin','Asia/Kolkata'])[1 + n / 4 % 4] end,
      jsonb_build_object('plan', (array['basic','pro'])[1 + n % 2], 'points', n % 1000),
      now() - (${contacts}::float8 - n) / ${contacts}::float8 * interval '400 days', now() - (n * 7919::bigint % ${contacts}::int)::float8 / ${contacts}::float8 * interval '400 days',
      case when n % 40 = 9 then now() - interval '9 days' end, case when n % 60 = 11 then now() - interval '9 days' end, n % 500 = 13
    from generate_series(1, ${contacts}::int) n`.execute(db);
  // Their numbers belong to all countries of +1, and every one of them may be written to.
  await sql`update workspaces set sms_countries = (select array_agg(distinct phone_country) from contacts
    where workspace_id = ${workspaceId} and phone_country is not null) where id = ${workspaceId}`.execute(db);
}
