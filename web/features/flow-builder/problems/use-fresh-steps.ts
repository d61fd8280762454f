import { useEffect, useRef, useState } from "react";
import type { FlowNode } from "#contract/flows.ts";
import type { DraftStore } from "../draft/draft-store.ts";

/** For so long a new step is not told what it lacks, unless something of it was changed. Milliseconds. */
export const freshMs = 20_000;

const none: ReadonlySet<string> = new Set();

/** The steps that were added a moment ago and that nobody has touched since: they are not wrong, only not set up yet. */
export function useFreshSteps(store: DraftStore): ReadonlySet<string> {
  const [fresh, setFresh] = useState(none);
  const added = useRef(new Map<string, { config: unknown; until: number }>());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let known = new Set(store.getState().content.nodes.map(({ id }) => id));
    let nodes: readonly FlowNode[] = store.getState().content.nodes;
    const look = () => {
      clearTimeout(timer);
      const now = performance.now();
      const byId = new Map(nodes.map((node) => [node.id, node.data.config]));
      for (const [id, { config, until }] of added.current) {
        if (until <= now || byId.get(id) !== config) added.current.delete(id);
      }
      setFresh((before) => (isSameSet(before, added.current) ? before : new Set(added.current.keys())));
      const next = Math.min(...[...added.current.values()].map(({ until }) => until));
      if (Number.isFinite(next)) timer = setTimeout(look, next - now);
    };
    const stop = store.subscribe(({ content }) => {
      if (content.nodes === nodes) return;
      nodes = content.nodes;
      for (const { id, data } of nodes) {
        if (!known.has(id)) added.current.set(id, { config: data.config, until: performance.now() + freshMs });
      }
      known = new Set(nodes.map(({ id }) => id));
      look();
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [store]);
  return fresh;
}

const isSameSet = (set: ReadonlySet<string>, map: ReadonlyMap<string, unknown>) =>
  set.size === map.size && [...set].every((id) => map.has(id));
