import { useCallback, useState } from "react";
import { keep, recall } from "../browser-memory.ts";
import type { DataColumn } from "./columns.ts";

type Visibility = Record<string, boolean>;

const key = (name: string) => `sluice.columns.${name}`;

/** Reads which columns this browser was told to show. Where nothing is kept that can be read, the defaults apply. */
const recallColumns = (name: string): Visibility => {
  try {
    const kept: unknown = JSON.parse(recall(key(name)) ?? "{}");
    if (typeof kept !== "object" || kept === null) return {};
    return Object.fromEntries(Object.entries(kept).filter((entry): entry is [string, boolean] => typeof entry[1] === "boolean"));
  } catch {
    return {};
  }
};

/** Which columns are shown: the defaults, changed by what the person chose before in this browser. */
export function useColumnMemory<Row>(name: string | undefined, columns: readonly DataColumn<Row>[]) {
  const [visibility, setVisibility] = useState<Visibility>(() => {
    const defaults = Object.fromEntries(columns.map((column) => [column.id, !column.hiddenByDefault]));
    return name === undefined ? defaults : { ...defaults, ...recallColumns(name) };
  });
  const change = useCallback(
    (update: Visibility | ((old: Visibility) => Visibility)) =>
      setVisibility((old) => {
        const next = typeof update === "function" ? update(old) : update;
        if (name !== undefined) keep(key(name), JSON.stringify(next));
        return next;
      }),
    [name],
  );
  return [visibility, change] as const;
}
