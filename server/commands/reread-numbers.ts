import { readPhone } from "#channels/sms/phone.ts";
import type { NumbersToReread } from "#contract/people.ts";
import type { Tx } from "#db/client.ts";
import { type NationalNumber, pageOfNationalNumbers, setNumbers } from "#db/queries/national-numbers.ts";

interface NewCountry {
  workspaceId: string;
  from: string;
  to: string;
}

type Reading = { id: string; typed: string; e164: string; was: string | null };

/** How many numbers would be read in another way if the workspace were in another country. Nothing is changed. */
export async function countNumbersToReread(db: Tx, given: NewCountry): Promise<NumbersToReread> {
  const counts = { unreadable: 0, otherwise: 0 };
  for await (const page of readings(db, given)) {
    for (const { was } of page) counts[was === null ? "unreadable" : "otherwise"] += 1;
  }
  return counts;
}

/**
 * Reads the numbers without a country code again, as numbers of the new country. `unreadable` are those that could not be
 * used so far. `all` are also those that were read as numbers of the old country. A number that the new country cannot read
 * keeps its reading, and so does one that an import read as of a country of its own.
 */
export async function rereadNumbers(db: Tx, given: NewCountry & { which: "unreadable" | "all" }): Promise<number> {
  let changed = 0;
  for await (const page of readings(db, given)) {
    changed += await setNumbers(db, {
      workspaceId: given.workspaceId,
      numbers: page.filter(({ was }) => was === null || given.which === "all"),
    });
  }
  return changed;
}

async function* readings(db: Tx, { workspaceId, from, to }: NewCountry): AsyncGenerator<Reading[]> {
  if (from === to) return;
  let page: NationalNumber[];
  let after: string | undefined;
  do {
    page = await pageOfNationalNumbers(db, { workspaceId, after });
    after = page.at(-1)?.id;
    yield page.flatMap(({ id, typed, e164: was }) => {
      const e164 = readPhone(typed, to)?.e164 ?? null;
      if (e164 === null || e164 === was) return [];
      return was === null || readPhone(typed, from)?.e164 === was ? [{ id, typed, e164, was }] : [];
    });
  } while (page.length > 0);
}
