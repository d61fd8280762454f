import { DateTime } from "luxon";
import { type Collisions, collisionLimits } from "#contract/collisions.ts";
import type { Selection } from "#contract/contacts.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { FindCollisionsInput } from "../by-hand-api.ts";
import type { EngineContext } from "../engine-context.ts";
import { Pace } from "../forecast/pace.ts";
import { asReader } from "../forecast/reader-rows.ts";
import type { Walked } from "../forecast/walked.ts";
import type { CountedMessage } from "../messages/contact-cap-rows.ts";
import { type ChosenContact, readChosen } from "./collision-rows.ts";
import type { RestRow } from "./plan-contact-rows.ts";
import { goesOn, isWalkable, readGateOf, readStanding, type Standing, walkStanding } from "./standing.ts";

/** Contacts are read so many at a time, so that what is in memory does not depend on how many are chosen. */
const pageSize = 200;
/** Milliseconds of walking for all of them. A thousand contacts in a usual flow each take some hundred. */
const mostWalkMs = 3_000;
/** Steps of one execution within the days. */
const mostSteps = 200;
const dayMs = 86_400_000;

/** What one contact gets from one flow. */
interface Planned {
  contactId: string;
  flow: Pick<RestRow, "flow_id" | "flow_name">;
  at: number;
}

/**
 * The messages that chosen contacts get within the next days from what is under way and what is scheduled, walked as the plan of a
 * contact is. Nothing is written.
 *
 * @throws EngineRefusal nothing_selected, forecast_too_large for more than a thousand contacts
 */
export async function findCollisions(context: EngineContext, { workspaceId, selection, signal }: FindCollisionsInput): Promise<Collisions> {
  const { contacts, zone } = await asReader(context.db, workspaceId, (tx) =>
    readChosen(tx, { workspaceId, selection, most: collisionLimits.contacts }),
  );
  refuseSize(contacts, selection);
  const pace = new Pace({ mostMs: mostWalkMs, signal });
  const found: Planned[] = [];
  const marketing = new Map<string, number[]>();
  let cap: Collisions["cap"] = { perDay: null, perWeek: null };
  let unfollowed = 0;
  let left: number = collisionLimits.executions;
  let looked: { now: number; days: Day[] } | undefined;
  for (let from = 0; from < contacts.length; from += pageSize) {
    const whose = { workspaceId, contactIds: contacts.slice(from, from + pageSize).map(({ id }) => id) };
    const { standing, now } = await readStanding(context, { ...whose, limit: Math.max(1, left), only: goesOn });
    looked ??= { now, days: daysFrom(now, zone) };
    const { days } = looked;
    const until = days.at(-1)?.end ?? now;
    const { facts, knownOf } = await readGateOf(context, whose);
    const { marketingPerDay: perDay, marketingPerWeek: perWeek } = facts.gate.rules;
    cap = { perDay, perWeek };
    for (const id of whose.contactIds) marketing.set(id, momentsOf(knownOf(id).had));
    const followed = standing.flatMap(({ rest, execution }): Followed[] => {
      if ((rest.until?.getTime() ?? now) >= until) return [];
      if (!execution || left <= 0 || !isWalkable(execution, rest)) {
        unfollowed += 1;
        return [];
      }
      left -= 1;
      return [{ rest, execution }];
    });
    for (const [contactId, all] of Map.groupBy(followed, ({ rest }) => rest.contact_id)) {
      const known = knownOf(contactId);
      const walks = await walkStanding(context, { workspaceId, all, facts, known, now, pace, mostSteps, until });
      unfollowed += walks.filter(({ isCut }) => isCut).length;
      walks.forEach((walked, index) => {
        found.push(...messagesOf(walked, all[index]?.rest as RestRow).filter(({ at }) => at < until));
      });
      // They share what the contact gets.
      marketing.get(contactId)?.push(...momentsOf(walks[0]?.had.slice(known.had.length) ?? []).filter((at) => at < until));
    }
  }
  const { now, days } = looked as NonNullable<typeof looked>;
  const isFull = (id: string) => reaches(marketing.get(id) ?? [], now, cap);
  return toCollisions({ contacts, found, days, now, isFull, cap, unfollowed });
}

type Followed = Standing & { execution: NonNullable<Standing["execution"]> };

function refuseSize(contacts: readonly ChosenContact[], { type }: Selection): void {
  if (contacts.length === 0) {
    throw new EngineRefusal(
      "nothing_selected",
      `No contact matches this selection now${type === "ids" ? ", or they are in the bin" : ""}.`,
    );
  }
  const { contacts: most } = collisionLimits;
  if (contacts.length > most) {
    throw new EngineRefusal(
      "forecast_too_large",
      `What contacts get already is looked at for ${most.toLocaleString("en")} at most. Choose fewer.`,
    );
  }
}

interface Day {
  date: string;
  start: number;
  end: number;
}

/** Today and the days behind it, from midnight to midnight on the clock of the workspace. */
function daysFrom(now: number, zone: string): Day[] {
  const today = DateTime.fromMillis(now, { zone }).startOf("day");
  return Array.from({ length: collisionLimits.days }, (_, index) => {
    const day = today.plus({ days: index });
    return { date: day.toISODate() ?? "", start: day.toMillis(), end: today.plus({ days: index + 1 }).toMillis() };
  });
}

const momentsOf = (had: readonly CountedMessage[]): number[] => had.filter(({ isMarketing }) => isMarketing).map(({ at }) => at);

const messagesOf = ({ messages }: Walked, flow: RestRow): Planned[] => messages.map(({ at }) => ({ contactId: flow.contact_id, flow, at }));

/** Whether a contact has had as many marketing messages as it may, now or when a planned one has left. */
function reaches(moments: readonly number[], now: number, { perDay, perWeek }: Collisions["cap"]): boolean {
  const within = (at: number, days: number) => moments.filter((one) => one > at - days * dayMs && one <= at).length;
  return [now, ...moments.filter((at) => at > now)].some(
    (at) => (perDay !== null && within(at, 1) >= perDay) || (perWeek !== null && within(at, 7) >= perWeek),
  );
}

interface Found extends Pick<Collisions, "cap" | "unfollowed"> {
  contacts: readonly ChosenContact[];
  found: readonly Planned[];
  days: readonly Day[];
  now: number;
  isFull: (contactId: string) => boolean;
}

function toCollisions({ contacts, found, days, now, isFull, cap, unfollowed }: Found): Collisions {
  const byContact = Map.groupBy(found, ({ contactId }) => contactId);
  const last = (planned: readonly Planned[]) =>
    planned.length === 0 ? null : new Date(Math.max(...planned.map(({ at }) => at))).toISOString();
  return {
    at: new Date(now).toISOString(),
    contacts: contacts.length,
    planned: byContact.size,
    days: days.map(({ date, start, end }) => {
      const ofDay = found.filter(({ at }) => at >= start && at < end);
      const byFlow = [...Map.groupBy(ofDay, ({ flow }) => flow.flow_id)];
      return {
        date,
        messages: ofDay.length,
        contacts: new Set(ofDay.map(({ contactId }) => contactId)).size,
        flows: byFlow
          .map(([flowId, all]) => ({ flowId, flowName: all[0]?.flow.flow_name ?? "", messages: all.length }))
          .toSorted((a, b) => b.messages - a.messages || a.flowName.localeCompare(b.flowName)),
      };
    }),
    cap,
    who: contacts.flatMap(({ id, name }) => {
      const planned = byContact.get(id) ?? [];
      const full = isFull(id);
      return planned.length === 0 && !full ? [] : [{ contactId: id, name, messages: planned.length, isFull: full, lastAt: last(planned) }];
    }),
    lastAt: last(found),
    unfollowed,
  };
}
