import pg from "pg";
import { parseExactJson } from "#contract/exact-json.ts";

const { builtins } = pg.types;

/**
 * How column values become JavaScript values, where pg's defaults would surprise:
 *
 * - `bigint` (every count(*)) is a number as long as a number holds it exactly. Beyond 2^53 it stays the string the
 *   server sent: a wrong digit in an id or a sum is worse than an unexpected type.
 * - `date` stays "2026-11-22". pg would make it midnight in the server's own zone, which is another day elsewhere.
 *
 * - json keeps integers beyond 2^53 as text, for the same reason.
 *
 * `timestamptz` as Date is pg's default.
 */
export const columnTypes = new pg.TypeOverrides();

columnTypes.setTypeParser(builtins.INT8, toSafeNumber);
columnTypes.setTypeParser(builtins.JSON, parseExactJson);
columnTypes.setTypeParser(builtins.JSONB, parseExactJson);
columnTypes.setTypeParser(builtins.DATE, (text) => text);

function toSafeNumber(text: string): number | string {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}
