import type { NodeExit } from "#contract/node-definition.ts";
import { findDefinition } from "./definitions.ts";
import { isRecord } from "./graph/checked-node.ts";

export interface Ways {
  exits: readonly NodeExit[];
  /** By exit, the id of the node to which it leads by the settings, and never along an edge. */
  jumps: Readonly<Record<string, string>>;
}

/**
 * Reads where a step leads. While somebody types, its settings are wrong at some place most of the time; what they say of exits counts
 * all the same, or the names of all branches would come and go with every test. Where nothing can be read, a new step's exits stand in.
 */
export function waysOf(type: string, config: unknown): Ways {
  const definition = findDefinition(type);
  if (!definition) return { exits: [], jumps: {} };
  const parsed = definition.config.safeParse(config ?? {});
  const read = (settings: unknown): Ways => ({
    exits: definition.exits(settings as never),
    jumps: definition.jumps?.(settings as never) ?? {},
  });
  if (parsed.success) return read(parsed.data);
  return (
    attempt(() => read({ ...(definition.defaults as object), ...(isRecord(config) ? config : {}) })) ?? {
      exits: definition.exits(definition.config.parse(definition.defaults) as never),
      jumps: {},
    }
  );
}

/** Settings of any shape may break what reads them, and then they say nothing. */
function attempt(read: () => Ways): Ways | undefined {
  try {
    const { exits, jumps } = read();
    const isSound = exits.every(({ handle, label }) => typeof handle === "string" && handle !== "" && typeof label === "string");
    const leads = Object.values(jumps).every((target) => typeof target === "string");
    return isSound && leads && new Set(exits.map(({ handle }) => handle)).size === exits.length ? { exits, jumps } : undefined;
  } catch {
    return undefined;
  }
}
