import { z } from "zod";

/**
 * The years of the dates that people and programs may give. Postgres knows no year 0, and a time of the year 9999 leaves
 * its four digits in another zone. Nothing of a contact or a send is older or later than these.
 */
export const dateBounds = { firstYear: 1900, lastYear: 2999 } as const;

const outside = `must be a date from ${dateBounds.firstYear} to ${dateBounds.lastYear}`;

/** Whether the year with which an ISO date or time begins is within the bounds. */
export const isWithinYears = (text: string): boolean => {
  const year = Number(/^\d{4}(?=-)/.exec(text)?.[0] ?? Number.NaN);
  return year >= dateBounds.firstYear && year <= dateBounds.lastYear;
};

/** A moment in a request: "2026-12-01T09:00:00Z". */
export const GivenTimestamp = z.iso.datetime({ offset: true }).refine(isWithinYears, outside);
/** A day in a request: "2026-12-01". */
export const GivenDay = z.iso.date().refine(isWithinYears, outside);

/** A wall clock time without a zone: "2026-12-01T09:00". */
export const LocalTime = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d$/, "must look like 2026-12-01T09:00")
  .refine(
    (text) => !Number.isNaN(Date.parse(`${text}Z`)) && new Date(`${text}Z`).toISOString().startsWith(text),
    "is not a day of the calendar",
  )
  .refine(isWithinYears, outside);
