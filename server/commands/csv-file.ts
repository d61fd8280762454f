import { once } from "node:events";
import type { Writable } from "node:stream";
import { stringify } from "csv-stringify/sync";
import type { Response } from "express";
import { guardedCell } from "#contract/csv/formula-guard.ts";

interface CsvPages<Row> {
  /** Header and cell of each column. */
  columns: ReadonlyMap<string, (row: Row) => string | null>;
  /** Reads one page. Each is a short read of its own, so that none lasts as long as the download. */
  page: (cursor: string | undefined) => Promise<{ items: Row[]; nextCursor: string | null }>;
  /** Learns how many rows each page holds, before it is written. */
  onPage?: (rows: number) => void;
}

/**
 * A list as CSV (RFC 4180), a page at a time. Every value is quoted, so that none of it begins a cell where a program parts
 * the line in another way. A value that a spreadsheet would run as a formula gets an apostrophe in front, and the import
 * takes it off again. A telephone number is no formula, and other systems read it as it is.
 */
export async function* csvPages<Row>({ columns, page, onPage }: CsvPages<Row>): AsyncGenerator<string> {
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await page(cursor);
    onPage?.(items.length);
    // Excel takes a file for the machine's old code page unless it begins with this mark, and spoils every name with an
    // accent; everything else that reads UTF-8 skips it.
    if (cursor === undefined) yield `\u{FEFF}${toCsv([[...columns.keys()]])}`;
    if (items.length > 0) yield toCsv(items.map((row) => [...columns.values()].map((cell) => cell(row))));
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
}

const toCsv = (rows: (string | null)[][]): string =>
  stringify(
    rows.map((row) => row.map((value) => (value ? guardedCell(value) : null))),
    { quoted_string: true, record_delimiter: "\r\n" },
  );

/** Answers with a file that is called "<name>-2026-12-01.csv". */
export async function answerCsv(csv: AsyncGenerator<string>, name: string, { res, signal }: { res: Response; signal: AbortSignal }) {
  // The first page before the first header: what fails now can still be answered with an error.
  const first = await csv.next();
  res.status(200);
  res.set("Content-Type", "text/csv; charset=utf-8; header=present");
  res.set("Content-Disposition", `attachment; filename="${name}-${new Date().toISOString().slice(0, 10)}.csv"`);
  res.write(first.value);
  await writeAll(csv, res, signal);
  return undefined;
}

/** Writes no faster than the other side reads. Stops early when it goes away. */
export async function writeAll(chunks: AsyncIterable<string>, out: Writable, signal: AbortSignal): Promise<void> {
  for await (const chunk of chunks) {
    if (signal.aborted) return;
    if (!out.write(chunk)) await once(out, "drain", { signal }).catch(() => {});
  }
}
