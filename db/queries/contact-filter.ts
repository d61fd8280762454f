import type { RawBuilder, SqlBool } from "kysely";
import { sql } from "kysely";
import { readComparableDate } from "#contract/comparable-date.ts";
import { cleanValue, isWholeNumber, phoneDigits } from "#contract/comparable-text.ts";
import type { ContactField } from "#contract/contact-fields.ts";
import { contactFields, isNamed, isTextField } from "#contract/contact-fields.ts";
import type { ContactFilter, FilterTest, Selection } from "#contract/contacts.ts";
import { foldName } from "#contract/fold.ts";
import { foldedColumn } from "./contact-folded.ts";
import { literal, searchGroups, searchKind, unspacedLetters, unspacedRanges } from "./contact-search.ts";
import { isSmsCountryAllowed } from "./sms-countries.ts";
import { isSuppressed } from "./suppressions.ts";

type Condition = RawBuilder<SqlBool>;

/**
 * A filter as a condition on the table `contacts` (by that name, unaliased). The contacts table, the count, the bulk
 * actions and the enrolment of a send all use it, so what a person sees is what is sent. Every value is a parameter.
 *
 * The condition does not name the workspace, so the caller adds `contacts.workspace_id`. The rules of comparison are those
 * of contract/compare-values.ts.
 */
export function matchesFilter(filter: ContactFilter): Condition {
  return all([isHere, matchesSearch(filter.search), ...filter.tests.map(matchesTest)]);
}

/** The search text of a filter, without what else a filter asks; the bin is searched by it too. */
export function matchesSearch(search: string | undefined): Condition {
  if (search === undefined) return all([]);
  // Without its accents nothing may be left of a text, and nothing occurs in every contact.
  const saysSomething = sql<SqlBool>`btrim(${unaccented(cleanValue(search))}) <> ''`;
  return all([saysSomething, ...searchGroups(search).map((terms) => any(terms.map(occurs)))]);
}

/** A contact in the bin matches nothing. */
const isHere = sql<SqlBool>`contacts.deleted_at is null`;

/** The contacts a person means: the named ones, or what matches the filter except those taken out by hand. */
export function matchesSelection(selection: Selection): Condition {
  if (selection.type === "ids") return all([isHere, sql`contacts.id = any(${selection.ids}::uuid[])`]);
  const matching = matchesFilter(selection.filter);
  return selection.excluded.length === 0 ? matching : all([matching, sql`contacts.id <> all(${selection.excluded}::uuid[])`]);
}

/**
 * Whether an index leads to what matches: then all of it can be fetched and put in order, which takes as long as there are
 * matches. Otherwise contacts are read in the order that is wanted until enough have matched.
 */
export function isFoundByIndex(filter: ContactFilter): boolean {
  const groups = searchGroups(filter.search);
  return groups.some((terms) => terms.every((term) => searchKind(term) !== "by_reading" || unspacedLetters(term).length > 0));
}

/** By the very expression of the index `contacts_search`. */
const searched = sql`private.unaccented(contacts.search_text)`;
const unaccented = (text: string) => sql`private.unaccented(lower(${text}::text))`;

function occurs(term: string): Condition {
  switch (searchKind(term)) {
    case "anywhere":
      return sql`${searched} like ${unaccented(`%${literal(term)}%`)}`;
    case "word_start":
      return sql`${searched} like ${unaccented(`% ${literal(term)}%`)}`;
    case "by_reading": {
      // Not LIKE: the planner would walk the whole trigram index, only to read every row after it.
      const occurrence = sql<SqlBool>`strpos(${searched}, ${unaccented(term)}) > 0`;
      const letters = unspacedLetters(term);
      return letters.length === 0 ? occurrence : all([hasUnspacedLetters, hasAllLetters(letters), occurrence]);
    }
  }
}

/** Literally the condition of the index `contacts_letters`, which may be used for nothing else. */
const hasUnspacedLetters = sql<SqlBool>`contacts.search_text ~ ${sql.lit(`[${unspacedRanges}\\U00020000-\\U0003134F]`)}`;
const hasAllLetters = (letters: readonly string[]): Condition =>
  sql`private.unspaced_letters(contacts.search_text) @> ${[...letters]}::text[]`;

/** A necessary condition for rows in which one of the texts occurs, on the one column that has an index for it. */
function occursSomewhere(terms: readonly string[]): Condition {
  return terms.every((term) => searchKind(term) === "anywhere") ? any(terms.map(occurs)) : sql`true`;
}

const needsNoValue: ReadonlySet<string> = new Set(["is_empty", "is_not_empty"]);

/** The texts that a test looks for. Blank ones are left out, also of filters that were stored before blanks were refused. */
function wantedTexts({ value }: FilterTest): string[] {
  const values = Array.isArray(value) ? value : value === undefined ? [] : [String(value)];
  return values.map(cleanValue).filter((text) => text !== "");
}

/** One test of a filter, on contacts in the bin too. It may be null where nothing is stored. */
export function matchesTest(test: FilterTest): Condition {
  if (!needsNoValue.has(test.operator) && wantedTexts(test).length === 0) return sql`false`;
  switch (contactFields[test.field].kind) {
    case "text":
      return test.field === "phone" ? matchesPhone(test) : matchesText(test);
    case "choice":
      return matchesChoice(test);
    case "boolean":
      return matchesBoolean(test);
    case "date":
      return matchesDate(test);
  }
}

function matchesText(test: FilterTest): Condition {
  const column = textColumn(test.field);
  const [text = ""] = wantedTexts(test);
  const narrowed = (condition: Condition) => all([condition, occursSomewhere([text])]);
  switch (test.operator) {
    case "is":
      return narrowed(sql`${column} = lower(${text}::text)`);
    case "is_not":
      return sql`${column} is distinct from lower(${text}::text)`;
    case "contains":
      return narrowed(like(column, `%${literal(text)}%`));
    case "not_contains":
      return isNotTrue(like(column, `%${literal(text)}%`));
    case "starts_with":
      return narrowed(like(column, `${literal(text)}%`));
    case "ends_with":
      return narrowed(like(column, `%${literal(text)}`));
    default:
      return isEmptyOrNot(test, column);
  }
}

/**
 * A phone number is compared by its digits, in the stored international form and as it was typed, so that the way of
 * writing it does not matter; "is" also takes a national number for the end of an international one. A value without
 * any digit is compared with what was typed.
 */
function matchesPhone(test: FilterTest): Condition {
  const typed = sql<string>`lower(coalesce(contacts.phone_number, ''))`;
  if (test.operator === "is_empty" || test.operator === "is_not_empty") {
    return isEmptyOrNot(test, sql`nullif(btrim(coalesce(contacts.phone_number, contacts.phone_e164)), '')`);
  }
  const [text = ""] = wantedTexts(test);
  const digits = phoneDigits(text);
  const patterns = digits.length > 0 ? digits : [literal(text)];
  const subjects =
    digits.length > 0
      ? [sql<string>`substr(contacts.phone_e164, 2)`, sql<string>`regexp_replace(coalesce(contacts.phone_number, ''), '[^0-9]', '', 'g')`]
      : [typed];
  const on = (toPattern: (part: string) => string) =>
    any(subjects.flatMap((subject) => patterns.map((part) => like(subject, toPattern(part)))));
  const is = () => any([on((part) => part), ...digits.filter(isWholeNumber).map((part) => like(sql`contacts.phone_e164`, `%${part}`))]);
  const narrowed = (condition: Condition) => (digits.length > 0 ? all([condition, occursSomewhere(digits)]) : condition);
  switch (test.operator) {
    case "is":
      return narrowed(is());
    case "is_not":
      return isNotTrue(is());
    case "not_contains":
      return isNotTrue(on((part) => `%${part}%`));
    case "starts_with":
      return narrowed(on((part) => `${part}%`));
    case "ends_with":
      return narrowed(on((part) => `%${part}`));
    default:
      return narrowed(on((part) => `%${part}%`));
  }
}

function matchesChoice(test: FilterTest): Condition {
  const column = textColumn(test.field);
  if (needsNoValue.has(test.operator)) return isEmptyOrNot(test, sql`nullif(btrim(${sql.ref(`contacts.${test.field}`)}), '')`);
  const wanted = wantedTexts(test);
  const names = wanted.map(foldName).filter((name) => name !== "");
  if (isNamed(test.field) && names.length === 0) return sql`false`;
  const choices = isNamed(test.field) ? names.map((name) => sql`${name}::text`) : wanted.map((choice) => sql`lower(${choice}::text)`);
  const isOneOf = sql<SqlBool>`${column} = any(array[${sql.join(choices)}])`;
  switch (test.operator) {
    case "is":
    case "in":
      return isOneOf;
    case "is_not":
    case "not_in":
      return isNotTrue(isOneOf);
    default:
      throw new Error(`The operator ${test.operator} is not one for ${test.field}`);
  }
}

/** "Can receive" is what the check before a message asks of the contact, the list of suppressed addresses included. */
const booleans: Partial<Record<ContactField, Condition>> = {
  sms_opted_out: sql`contacts.sms_opted_out_at is not null`,
  email_opted_out: sql`contacts.email_opted_out_at is not null`,
  dnc: sql`contacts.dnc`,
  sms_suppressed: isSuppressed("sms"),
  email_suppressed: isSuppressed("email"),
  can_receive_sms: sql`(contacts.phone_e164 is not null and contacts.sms_opted_out_at is null and not contacts.dnc
    and ${isSmsCountryAllowed("contacts")} and not ${isSuppressed("sms")})`,
  can_receive_email: sql`(contacts.email_usable and contacts.email_opted_out_at is null and not contacts.dnc and not ${isSuppressed("email")})`,
};

function matchesBoolean(test: FilterTest): Condition {
  const column = booleans[test.field];
  if (!column) throw new Error(`No yes-or-no column for ${test.field}`);
  return test.value === true ? column : sql`not (${column})`;
}

const dateColumn = (field: ContactField) => (field === "updated_at" ? sql`contacts.updated_at` : sql`contacts.created_at`);

/** Moments from now on, for so many days. A filter of contacts does not ask for it, because contacts have no dates ahead. */
export const matchesNextDays = (field: ContactField, days: number): Condition =>
  sql`${dateColumn(field)} between now() and now() + ${days}::float8 * interval '1 day'`;

/** A date without a time is that day in UTC. To mean the day of another zone, a caller gives the moment at which it begins. */
function matchesDate(test: FilterTest): Condition {
  const column = dateColumn(test.field);
  if (test.operator === "in_last_days") return sql`${column} >= now() - ${Number(test.value)}::float8 * interval '1 day'`;
  if (test.operator === "not_in_last_days") return sql`${column} < now() - ${Number(test.value)}::float8 * interval '1 day'`;
  const date = readComparableDate(test.value);
  if (!date) return sql`false`;
  const moment = new Date(date.time).toISOString();
  if (test.operator === "before") return sql`${column} < ${moment}::timestamptz`;
  // The program reads a moment in milliseconds, so what is left of one in microseconds makes no moment later.
  return sql`${column} >= ${moment}::timestamptz + ${date.day ? "1 day" : "1 millisecond"}::interval`;
}

function isEmptyOrNot(test: FilterTest, column: RawBuilder<unknown>): Condition {
  if (test.operator === "is_empty") return sql`${column} is null`;
  if (test.operator === "is_not_empty") return sql`${column} is not null`;
  throw new Error(`The operator ${test.operator} is not one for ${test.field}`);
}

function textColumn(field: ContactField): RawBuilder<string | null> {
  if (!isTextField(field)) throw new Error(`${field} is not a text column`);
  return foldedColumn(field);
}

const like = (column: RawBuilder<unknown>, pattern: string): Condition => sql`${column} like lower(${pattern}::text)`;
const isNotTrue = (condition: Condition): Condition => sql`(${condition}) is not true`;
const any = (conditions: Condition[]): Condition => sql`(${sql.join(conditions, sql` or `)})`;
const all = (conditions: Condition[]): Condition => (conditions.length === 0 ? sql`true` : sql`(${sql.join(conditions, sql` and `)})`);
