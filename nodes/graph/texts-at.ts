import { isRecord } from "./checked-node.ts";

/** What stands at places of a configuration, whatever it is otherwise. `*` in a place means every item of a list. */
export function valuesAt(config: unknown, places: readonly string[]): { at: string; value: unknown }[] {
  return places.flatMap((place) => {
    let found: { at: string[]; value: unknown }[] = [{ at: [], value: config }];
    for (const name of place.split(".")) {
      found = found.flatMap(({ at, value }) => {
        if (name === "*")
          return Array.isArray(value) ? value.map((item, index) => ({ at: [...at, String(index)], value: item as unknown })) : [];
        return isRecord(value) && Object.hasOwn(value, name) ? [{ at: [...at, name], value: value[name] }] : [];
      });
    }
    return found.map(({ at, value }) => ({ at: at.join("."), value }));
  });
}

/** The texts among them. */
export const textsAt = (config: unknown, places: readonly string[]): { at: string; text: string }[] =>
  valuesAt(config, places).flatMap(({ at, value }) => (typeof value === "string" ? [{ at, text: value }] : []));
