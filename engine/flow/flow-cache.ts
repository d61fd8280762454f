import type { Db } from "#db/client.ts";
import type { ReadyFlow } from "./flow-graph.ts";
import { readyFlow } from "./flow-graph.ts";
import type { NodeRegistry } from "./node-registry.ts";
import { readVersions } from "./version-rows.ts";

export interface FlowCache {
  /** Ready flows by version id. A version that is not there (its flow was deleted) is a flow with a problem. */
  load(db: Db, versionIds: readonly string[]): Promise<ReadonlyMap<string, ReadyFlow>>;
}

/** Versions never change, so what was parsed once stays right; the least recently used make room. */
export function createFlowCache(registry: NodeRegistry, capacity = 200): FlowCache {
  const cache = new Map<string, ReadyFlow>();

  return {
    async load(db, versionIds) {
      const wanted = [...new Set(versionIds)];
      const unknown = wanted.filter((id) => !cache.has(id));
      if (unknown.length > 0) {
        const rows = await readVersions(db, unknown);
        for (const row of rows) cache.set(row.id, readyFlow(row, registry));
      }
      const found = new Map<string, ReadyFlow>();
      for (const id of wanted) {
        const flow = cache.get(id);
        found.set(id, flow ?? { problem: "The flow version was deleted." });
        if (!flow) continue;
        cache.delete(id);
        cache.set(id, flow);
      }
      for (const id of cache.keys()) {
        if (cache.size <= capacity) break;
        cache.delete(id);
      }
      return found;
    },
  };
}
