import pg from "pg";

const { builtins } = pg.types;

/**
 * How column values become JavaScript values, where pg's defaults would surprise:
 *
 * - `bigint` (every count(*)) is a number as long as a number holds it exactly. Beyond 2^53 it stays the string the
 *   server sent: a wrong digit in an id or a sum is worse than an unexpected type.
 * - `date` stays "2026-11-22". pg would make it midnight in the server's own zone, which is another day elsewhere.
 *
 * `timestamptz` as Date and json parsed are pg's defaults.
 */
export const columnTypes = new pg.TypeOverrides();

columnTypes.setTypeParser(builtins.INT8, toSafeNumber);
columnTypes.setTypeParser(builtins.DATE, (text) => text);

function toSafeNumber(text: string): number | string {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}
