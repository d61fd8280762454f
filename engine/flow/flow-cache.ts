import QuickLRU from "quick-lru";
import type { Db } from "#db/client.ts";
import type { ReadyFlow } from "./flow-graph.ts";
import { readyFlow } from "./flow-graph.ts";
import type { NodeRegistry } from "./node-registry.ts";
import { readVersions } from "./version-rows.ts";

export interface FlowCache {
  /** Ready flows by version id. A version that is missing, because its flow was deleted, is a flow with a problem. */
  load(db: Db, versionIds: readonly string[]): Promise<ReadonlyMap<string, ReadyFlow>>;
}

/** Versions that are kept at least; the library keeps up to twice as many. */
const keptVersions = 100;

/** A version never changes, so a parsed one stays right for as long as it is kept. */
export function createFlowCache(registry: NodeRegistry): FlowCache {
  const cache = new QuickLRU<string, ReadyFlow>({ maxSize: keptVersions });

  return {
    async load(db, versionIds) {
      const found = new Map<string, ReadyFlow>();
      const unknown: string[] = [];
      for (const id of new Set(versionIds)) {
        const flow = cache.get(id);
        if (flow) found.set(id, flow);
        else unknown.push(id);
      }
      if (unknown.length === 0) return found;
      const rows = new Map((await readVersions(db, unknown)).map((row) => [row.id, row]));
      for (const id of unknown) {
        const row = rows.get(id);
        const flow: ReadyFlow = row ? readyFlow(row, registry) : { problem: "The flow version was deleted." };
        found.set(id, flow);
        if (row) cache.set(id, flow);
      }
      return found;
    },
  };
}
