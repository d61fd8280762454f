import { DateTime } from "luxon";
import { readWholeDay } from "#contract/comparable-date.ts";
import { plainNumber } from "#contract/comparable-number.ts";
import { usualDateFormat } from "#contract/date-format.ts";
import type { TemplateFilter, TemplatePart } from "#contract/template.ts";
import { mostDecimals, parseTemplate } from "#contract/template.ts";
import { WorkBudget } from "#contract/work-budget.ts";
import { HtmlReader } from "./html-place.ts";
import { escapeInWord, WordReader } from "./word-place.ts";

/** Where the text goes. It decides how values are escaped and how long the text may be. */
export type TemplateTarget = "sms" | "header" | "text" | "html" | "url" | "json";

/** Gives the value of a field by its path; undefined or null when there is none. */
export type ReadField = (path: readonly string[]) => unknown;

export type Rendered =
  | { text: string; missing?: undefined; problem?: undefined }
  /** Fields without a value and without a default: the message must not leave. */
  | { missing: readonly string[]; text?: undefined; problem?: undefined }
  | { problem: "syntax" | "unsafe_value" | "too_long"; text?: undefined; missing?: undefined };

const longest: Record<TemplateTarget, number> = {
  sms: 1600,
  header: 998,
  text: 64 * 1024,
  html: 128 * 1024,
  url: 8 * 1024,
  json: 64 * 1024,
};

/** A filter such as `date` takes some ten times as long as a comparison. */
const fieldWork = 10;

/** A template that was parsed once, to be rendered for every contact. */
export interface Template {
  parts: readonly TemplatePart[] | undefined;
}

export function compileTemplate(text: string): Template {
  return { parts: parseTemplate(text).parts };
}

/**
 * Values are data: they are never looked at as templates again, so braces in a name stay braces in a name. They are escaped for
 * the place where they stand, so a value adds no tag, no text of a JSON and no piece to a link. A missing value blocks the
 * text instead of leaving a gap in it. Each field and each filter
 * is counted as work, by the length of its value.
 *
 * @throws WorkLimitExceeded
 */
export function renderTemplate(
  template: Template,
  target: TemplateTarget,
  read: ReadField,
  options: { zone: string; work?: WorkBudget },
): Rendered {
  if (!template.parts) return { problem: "syntax" };
  const { zone, work = new WorkBudget() } = options;
  const missing = new Set<string>();
  const place = placeFor(target);
  let text = "";
  let isSafe = true;
  for (const part of template.parts) {
    if ("text" in part) {
      text += part.text;
      isSafe = place.read(part.text) && isSafe;
      continue;
    }
    const found = toText(read(part.path));
    work.count(fieldWork * (1 + part.filters.length), (found?.length ?? 0) * (1 + part.filters.length));
    // No filter makes a text much shorter, so it is not worth running them.
    if (found !== undefined && found.length > longest[target]) return { problem: "too_long" };
    const value = applyFilters(found, part.filters, zone);
    if (value === undefined) {
      missing.add(part.source);
      continue;
    }
    if (target === "header" && /[\r\n\0]/.test(value)) return { problem: "unsafe_value" };
    const isEncoded = part.filters.some(({ name }) => name === "url");
    const put = place.put(isEncoded ? encodeURIComponent(value.toWellFormed()) : value, isEncoded);
    if (put === undefined) isSafe = false;
    text += put ?? "";
    if (text.length > longest[target]) return { problem: "too_long" };
  }
  if (missing.size > 0) return { missing: [...missing] };
  return isSafe ? finish(text, target) : { problem: "unsafe_value" };
}

/** Follows the text and escapes values for where they stand. `put` is undefined, and `read` false, where a value does harm. */
interface Place {
  read(text: string): boolean;
  put(value: string, isEncoded: boolean): string | undefined;
}

function placeFor(target: TemplateTarget): Place {
  if (target === "html") return new HtmlReader();
  // Every value of the address of a webhook is a piece of its path or query.
  if (target === "url") return { read: () => true, put: (value, isEncoded) => (isEncoded ? value : escapeInWord(value, "address")) };
  const words = new WordReader();
  return {
    read(text) {
      words.read(text);
      return true;
    },
    put(value, isEncoded) {
      const plain = isEncoded ? value : escapeInWord(value, words.place);
      words.read(plain);
      return target === "json" ? JSON.stringify(plain.toWellFormed()).slice(1, -1) : plain;
    },
  };
}

function finish(text: string, target: TemplateTarget): Rendered {
  // The author's own text must keep the same rule: a subject of two lines would be two headers.
  if (target === "header" && /[\r\n\0]/.test(text)) return { problem: "unsafe_value" };
  if (target === "url" || target === "json") return text.length > longest[target] ? { problem: "too_long" } : { text };
  const clean = target === "html" ? text.replaceAll("\0", "") : stripControls(text, target);
  return clean.length > longest[target] ? { problem: "too_long" } : { text: clean };
}

/** Removes characters that steer a terminal or hide text. Line breaks stay, except in a header. */
function stripControls(text: string, target: TemplateTarget): string {
  const unified = target === "header" ? text : text.replace(/\r\n?/g, "\n");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return unified.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "");
}

/** The value as text; undefined for what cannot be printed in a message, such as an object or a list. */
function toText(value: unknown): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (typeof value === "number") return Number.isFinite(value) ? plainNumber(value) : undefined;
  if (typeof value === "boolean") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function applyFilters(value: string | undefined, filters: readonly TemplateFilter[], zone: string): string | undefined {
  let result = value;
  let isDefault = false;
  for (const { name, argument } of filters) {
    if (name === "default") {
      isDefault = result === undefined;
      result ??= String(argument ?? "");
    }
    // It is about the place of the value, and applied there once.
    else if (name !== "url" && result !== undefined) {
      const next = transform(result, name, argument, zone);
      // What stands in for a missing value need not be a date or a number: `default: "-" | date` writes "-".
      result = next === undefined && isDefault ? result : next;
    }
  }
  return result;
}

function transform(
  value: string,
  name: Exclude<TemplateFilter["name"], "default" | "url">,
  argument: TemplateFilter["argument"],
  zone: string,
) {
  switch (name) {
    case "upcase":
      return value.toUpperCase();
    case "downcase":
      return value.toLowerCase();
    case "capitalize": {
      // By character, not by UTF-16 unit, or the first letter of some scripts would be cut in two.
      const [first = ""] = value;
      return first.toUpperCase() + value.slice(first.length);
    }
    case "date":
      return formatDate(value, typeof argument === "string" ? argument : usualDateFormat, zone);
    case "number":
      return formatNumber(value, typeof argument === "number" ? argument : undefined);
  }
}

/** A date that cannot be read is missing, not "Invalid DateTime" in somebody's inbox. */
function formatDate(value: string, format: string, zone: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}/.test(value)) return undefined;
  // A whole day is that day everywhere; only a moment is shown in the reader's zone.
  const day = readWholeDay(value);
  const date = DateTime.fromISO(day ?? value.trim().replace(" ", "T"), { zone: day ? "utc" : zone, locale: "en" });
  return date.isValid ? date.toFormat(format) : undefined;
}

/** It is given as text, because a number of JavaScript would lose the last digits of a long one. */
function formatNumber(value: string, decimals: number | undefined): string | undefined {
  const digits = value.trim();
  if (!/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,2})?$/i.test(digits)) return undefined;
  const format = new Intl.NumberFormat("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals ?? mostDecimals });
  return format.format(digits as Intl.StringNumericLiteral);
}
