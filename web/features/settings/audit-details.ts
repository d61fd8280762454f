import type { Details } from "./audit-value.ts";
import { labelOf, tellValue } from "./audit-value.ts";

/** Sentences for details whose name alone does not say enough. Undefined leaves one out. */
const sentences: Record<string, (value: unknown, all: Details) => string | undefined> = {
  ids: (value) => (Array.isArray(value) ? countOf(value.length, "contact is", "contacts are", "concerned") : undefined),
  selection: (value) => (value === "filter" ? "Chosen by a filter" : "Chosen one by one"),
  contacts: (value) => (typeof value === "number" ? countOf(value, "contact", "contacts") : undefined),
  created: (value) =>
    typeof value === "number" ? `Added: ${value}` : value === false ? "It was asked for again, and nothing new began" : undefined,
  isNew: (value) => (value ? "It is a new one" : "It took the place of the one before"),
  isTest: (value) => (value ? "As a test" : undefined),
  isUndo: (value) => (value ? "It took an earlier change back" : undefined),
  settings: (value) =>
    Array.isArray(value) && value.length > 0
      ? `Changed settings: ${value.map((name) => labelOf(String(name)).toLowerCase()).join(", ")}`
      : undefined,
  fields: (value) =>
    Array.isArray(value) ? `Changed fields: ${value.map((name) => labelOf(String(name)).toLowerCase()).join(", ")}` : undefined,
  ended: (value) => tellEnded(value),
  from: (value, { to }) => `Role: ${tellValue(value)} → ${tellValue(to)}`,
  to: () => undefined,
  copyOf: () => "It is a copy of another flow",
  by: () => "Another change takes it back",
  expectedTotal: (value) => (value === null ? undefined : `Shown before: ${tellValue(value)}`),
  code: () => undefined,
};

/** The details of an entry, each as a sentence. A change is told with what was set before: “Name: A → B”. */
export function auditDetails(details: Details): string[] {
  const { before, ...rest } = details;
  const old = isDetails(before) ? before : {};
  return Object.entries(rest).flatMap(([key, value]) => {
    if (key in old) return [`${labelOf(key)}: ${tellValue(old[key])} → ${tellValue(value)}`];
    const sentence = sentences[key];
    const told = sentence
      ? sentence(value, details)
      : value === null || value === undefined
        ? undefined
        : `${labelOf(key)}: ${tellValue(value)}`;
    return told === undefined ? [] : [told];
  });
}

const isDetails = (value: unknown): value is Details => typeof value === "object" && value !== null && !Array.isArray(value);

const countOf = (many: number, one: string, more: string, then = ""): string =>
  `${many.toLocaleString("en")} ${many === 1 ? one : more} ${then}`.trim();

function tellEnded(value: unknown): string | undefined {
  if (!isDetails(value)) return undefined;
  const many = (list: unknown) => (Array.isArray(list) ? list.length : 0);
  const [keys, invitations] = [many(value.apiKeys), many(value.invitations)];
  if (keys + invitations === 0) return undefined;
  return `Ended with it: ${countOf(keys, "API key", "API keys")}, ${countOf(invitations, "invitation", "invitations")}`;
}
