import { sql } from "kysely";
import { legalHours } from "#contract/legal-hours.ts";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "#db/client.ts";
import type { Random } from "./chaos/random.ts";
import { twelveZones, wallClock } from "./zones.ts";

/** What a model of the gate knows of a person. It is written out once more, and shares nothing with the gate but the table of laws. */
export interface Person {
  id: string;
  phone: string | null;
  email: string | null;
  /** Where they are, on the model's own word; null where nothing is entered for them. */
  zone: string | null;
  place: NumberPlace;
  dnc: boolean;
  smsOff: boolean;
  emailOff: boolean;
  /** The numbers for which they have agreed to marketing SMS. */
  agreed: Set<string>;
  /** What they had asked for under a number that they had before. */
  refusedBefore: "stop" | "maybe_stop" | null;
  /** Whether anything is ever done to them or refused by the provider. */
  isCalm: boolean;
}

/** Numbers of one place: its zone, and the state whose laws hold. */
interface NumberPlace {
  begins: string;
  digits: number;
  country: string;
  state?: string;
  zone: string;
}

const places: readonly NumberPlace[] = [
  { begins: "+1415", digits: 7, country: "US", state: "CA", zone: "America/Los_Angeles" },
  { begins: "+1212", digits: 7, country: "US", state: "NY", zone: "America/New_York" },
  { begins: "+1401", digits: 7, country: "US", state: "RI", zone: "America/New_York" },
  { begins: "+1512", digits: 7, country: "US", state: "TX", zone: "America/Chicago" },
  { begins: "+1205", digits: 7, country: "US", state: "AL", zone: "America/Chicago" },
  { begins: "+43664", digits: 7, country: "AT", zone: "Europe/Vienna" },
  { begins: "+9198", digits: 8, country: "IN", zone: "Asia/Kolkata" },
];

/** Countries to which the workspace of a crowd sends; India is left out for half of them. */
export const countriesOf = (random: Random): string[] =>
  random.pick([
    ["US", "AT"],
    ["US", "AT", "IN"],
  ]);

/** Random people, written as contacts. The last name of each is its number, so that a text tells to whom it goes. */
export async function buildCrowd(db: Db, workspaceId: string, random: Random, size: number): Promise<Person[]> {
  const chance = (share: number) => random.next() < share;
  const people = Array.from({ length: size }, (_, n): Person => {
    const place = random.pick(places);
    const number = `${place.begins}${String(10 ** (place.digits - 1) * 2 + n)}`;
    return {
      id: "",
      phone: chance(0.93) ? (chance(0.02) ? `${places[0]?.begins}2999999` : number) : null,
      email: chance(0.9) ? (chance(0.02) ? "family@example.test" : `p${n}@example.test`) : null,
      zone: chance(0.4) ? random.pick(twelveZones) : null,
      place,
      dnc: chance(0.03),
      smsOff: chance(0.03),
      emailOff: chance(0.03),
      agreed: new Set(),
      refusedBefore: null,
      isCalm: true,
    };
  });
  for (const person of people) if (person.phone?.endsWith("2999999")) person.place = places[0] as NumberPlace;
  const { rows } = await sql<{ id: string; lastname: string }>`
    insert into contacts (workspace_id, firstname, lastname, email, phone_number, phone_e164, time_zone, dnc, sms_opted_out_at, email_opted_out_at)
    select ${workspaceId}, 'Person', p.n, p.email, p.phone, p.phone, p.zone, p.dnc, case when p.sms_off then now() end, case when p.email_off then now() end
    from jsonb_to_recordset(${JSON.stringify(
      people.map((person, n) => ({ ...person, n: String(n), sms_off: person.smsOff, email_off: person.emailOff })),
    )}::jsonb) as p (n text, email text, phone text, zone text, dnc boolean, sms_off boolean, email_off boolean)
    returning id, lastname`.execute(db);
  for (const { id, lastname } of rows) (people[Number(lastname)] as Person).id = id;
  const agreeing = people.filter(({ phone, smsOff }) => phone !== null && !smsOff && chance(0.9));
  for (const person of agreeing) person.agreed.add(person.phone as string);
  await sql`
    insert into contact_consents (workspace_id, contact_id, channel, state, source, given_at)
    select ${workspaceId}, id, 'sms', 'opted_in', 'form', now() from unnest(${agreeing.map(({ id }) => id)}::uuid[]) as id`.execute(db);
  return people;
}

const clocks = new Map<string, ReturnType<typeof wallClock>>();
function clockOf(at: number, zone: string) {
  const key = `${at} ${zone}`;
  const known = clocks.get(key) ?? wallClock(new Date(at), zone);
  if (clocks.size > 100_000) clocks.clear();
  clocks.set(key, known);
  return known;
}
const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** Whether a marketing SMS may reach this person then: by the hours of the workspace and of every law, on the clock of their place. */
export function isOpenFor({ zone, place }: Person, at: number, own: { from: string; to: string }): boolean {
  const { weekday, time } = clockOf(at, zone ?? place.zone);
  const laws = legalHours.filter((law) => law.country === place.country && (law.state === undefined || law.state === place.state));
  const hours = laws.map((law) => (weekday === 7 ? law.sunday : weekday === 6 ? law.saturday : law.weekdays));
  return [...hours, [own.from, own.to] as const].every(
    (one) => one !== null && minutes(time) >= minutes(one[0]) && minutes(time) < minutes(one[1]),
  );
}

export const addressOf = ({ phone, email }: Person, channel: Channel): string | null => (channel === "sms" ? phone : email);
