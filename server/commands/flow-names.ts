import type { Tx } from "#db/client.ts";
import { isFlowNameTaken, lockFlowNames } from "#db/queries/flows.ts";
import { refused } from "../http/errors.ts";

const longestName = 200;

export interface Named {
  workspaceId: string;
  name?: string | undefined;
}

/** The name that was asked for, or the first of the others that no flow has. @throws ApiError `flow_name_taken` */
export async function pickName(db: Tx, { workspaceId, name }: Named, others: Iterable<string>): Promise<string> {
  await lockFlowNames(db, { workspaceId });
  if (name !== undefined) {
    await requireFree(db, { workspaceId, name });
    return name;
  }
  for (const other of others) if (!(await isFlowNameTaken(db, { workspaceId, name: other }))) return other;
  throw new Error("A list of names has ended that has no end.");
}

/** @throws ApiError `flow_name_taken` where another flow has the name, in upper or lower case. */
export async function requireFree(
  db: Tx,
  { workspaceId, name, except }: { workspaceId: string; name: string; except?: string },
): Promise<void> {
  if (!(await isFlowNameTaken(db, { workspaceId, name, except }))) return;
  throw refused("flow_name_taken", `Another flow is called “${name}”. Choose a different name.`, [
    { path: "name", message: "Another flow has this name" },
  ]);
}

/** "Welcome copy", "Welcome copy 2" and so on; a copy of a copy counts on. */
export function* namesOfCopies(name: string): Generator<string> {
  const original = name.replace(/ copy(?: \d+)?$/, "");
  for (let count = 1; ; count += 1) yield withEnding(original, count === 1 ? " copy" : ` copy ${count}`);
}

/** "Welcome", "Welcome 2" and so on. */
export function* numbered(name: string): Generator<string> {
  for (let count = 1; ; count += 1) yield withEnding(name, count === 1 ? "" : ` ${count}`);
}

/** Cuts by characters, so that none is split in two. */
const withEnding = (name: string, ending: string): string => {
  const whole = `${name}${ending}`;
  if (whole.length <= longestName) return whole;
  return `${name
    .slice(0, longestName - ending.length)
    .toWellFormed()
    .replace(/\uFFFD$/, "")
    .trimEnd()}${ending}`;
};
