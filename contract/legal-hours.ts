/**
 * The hours in which the law of a place lets businesses write to people who have not asked. Settings shows this table with its
 * sources. It is not legal advice: the states' rows come from tables that vendors publish, which differ in details, and wait to be
 * confirmed by counsel. Hours are on the clock of the person. `null`: not on this day.
 */
export interface LegalHours {
  country: string;
  /** Two letters; absent where the rule holds in the whole country. */
  state?: string;
  place: string;
  /** Monday to Friday, Saturday, Sunday. */
  weekdays: Hours | null;
  saturday: Hours | null;
  sunday: Hours | null;
  source: string;
  /** When the source was looked at. */
  checked: string;
}
export type Hours = readonly [from: string, to: string];

const vendors = "State telemarketing hours as vendors list them";
const everyDay = (hours: Hours) => ({ weekdays: hours, saturday: hours, sunday: hours });
const state = (
  code: string,
  place: string,
  days: Pick<LegalHours, "weekdays" | "saturday" | "sunday">,
  source: string = vendors,
): LegalHours => ({
  country: "US",
  state: code,
  place,
  ...days,
  source,
  checked: "2026-11-22",
});

export const legalHours: readonly LegalHours[] = [
  {
    country: "US",
    place: "United States",
    ...everyDay(["08:00", "21:00"]),
    source: "47 CFR 64.1200(c)(1)",
    checked: "2026-11-22",
  },
  state("AL", "Alabama", { weekdays: ["08:00", "20:00"], saturday: ["08:00", "20:00"], sunday: null }),
  state("CT", "Connecticut", everyDay(["09:00", "20:00"])),
  state("FL", "Florida", everyDay(["08:00", "20:00"]), "Florida Statutes 501.616(6)"),
  state("KY", "Kentucky", everyDay(["10:00", "21:00"])),
  state("LA", "Louisiana", { weekdays: ["08:00", "20:00"], saturday: ["08:00", "20:00"], sunday: null }),
  state("MD", "Maryland", everyDay(["08:00", "20:00"])),
  state("MS", "Mississippi", everyDay(["08:00", "20:00"])),
  state("NJ", "New Jersey", everyDay(["08:00", "20:00"])),
  state("OK", "Oklahoma", everyDay(["08:00", "20:00"])),
  state("RI", "Rhode Island", { weekdays: ["09:00", "18:00"], saturday: ["10:00", "17:00"], sunday: ["10:00", "17:00"] }),
  state(
    "TX",
    "Texas",
    { weekdays: ["09:00", "21:00"], saturday: ["09:00", "21:00"], sunday: ["12:00", "21:00"] },
    "Texas Senate Bill 140, texts since September 2025",
  ),
  state("VA", "Virginia", everyDay(["08:00", "21:00"])),
  state("WA", "Washington", everyDay(["08:00", "20:00"])),
];
