/**
 * A tidy drawing of a directed graph, top to bottom: every node below the nodes that lead to it, edges short and with
 * few crossings, a node centred under what it follows. The classic four passes: break cycles, layer by longest path,
 * order the layers by barycentre, then place each layer by least squares with a fixed order.
 */
export interface LayoutSize {
  width: number;
  height: number;
  columnGap: number;
  rowGap: number;
}

export interface Link {
  source: string;
  target: string;
}

interface Slot {
  key: string;
  /** A real node takes a card's width; a bend of a long edge only a little, so that edges pass between cards. */
  width: number;
  up: Neighbour[];
  down: Neighbour[];
  x: number;
}

interface Neighbour {
  slot: Slot;
  /** From which side of the slot above the edge leaves: -0.5 its left end, 0.5 its right. */
  port: number;
}

/** Beyond this many bends long edges are drawn straight: the picture is unreadable anyway and must still appear at once. */
const mostBends = 3000;
const sweeps = 8;

/**
 * Top left corner of every id. Links to unknown ids and from a node to itself are ignored; several links of one source
 * are drawn left to right in the order given, as far as that costs no crossing.
 */
export const layeredLayout = (ids: readonly string[], links: readonly Link[], size: LayoutSize): Map<string, { x: number; y: number }> => {
  const known = new Set(ids);
  const forward = withoutCycles(
    [...known],
    links.filter((link) => link.source !== link.target && known.has(link.source) && known.has(link.target)),
  );
  const layerOf = longestPath([...known], forward);
  const layers = fillLayers([...known], forward, layerOf, size);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    orderLayers(layers, sweep % 2 === 0 ? "up" : "down");
  }
  for (const layer of layers) place(layer, size, () => undefined);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const side = sweep % 2 === 0 ? "up" : "down";
    const order = side === "up" ? layers : [...layers].reverse();
    for (const layer of order) place(layer, size, (slot) => mean(slot[side].map((other) => other.slot.x)));
  }
  const positions = new Map<string, { x: number; y: number }>();
  layers.forEach((layer, row) => {
    for (const slot of layer) {
      if (known.has(slot.key)) positions.set(slot.key, { x: Math.round(slot.x - size.width / 2), y: row * (size.height + size.rowGap) });
    }
  });
  return positions;
};

/** The links with those that close a cycle turned round; an explicit stack, because a flow may be a chain of 500 nodes. */
const withoutCycles = (ids: string[], links: Link[]): Link[] => {
  const out = groupBy(links, (link) => link.source);
  const state = new Map<string, "open" | "done">();
  const forward: Link[] = [];
  for (const root of startsFirst(ids, links)) {
    if (state.has(root)) continue;
    state.set(root, "open");
    const stack = [{ id: root, next: 0 }];
    while (stack.length > 0) {
      const top = stack[stack.length - 1] as { id: string; next: number };
      const link = out.get(top.id)?.[top.next++];
      if (link === undefined) {
        state.set(top.id, "done");
        stack.pop();
      } else if (state.get(link.target) === "open") {
        forward.push({ source: link.target, target: link.source });
      } else {
        forward.push(link);
        if (!state.has(link.target)) {
          state.set(link.target, "open");
          stack.push({ id: link.target, next: 0 });
        }
      }
    }
  }
  return forward;
};

const startsFirst = (ids: string[], links: Link[]): string[] => {
  const entered = new Set(links.map((link) => link.target));
  return [...ids.filter((id) => !entered.has(id)), ...ids.filter((id) => entered.has(id))];
};

const longestPath = (ids: string[], links: Link[]): Map<string, number> => {
  const out = groupBy(links, (link) => link.source);
  const waiting = new Map(ids.map((id) => [id, 0]));
  for (const link of links) waiting.set(link.target, (waiting.get(link.target) ?? 0) + 1);
  const layerOf = new Map(ids.map((id) => [id, 0]));
  const ready = ids.filter((id) => waiting.get(id) === 0);
  for (let index = 0; index < ready.length; index++) {
    const id = ready[index] as string;
    for (const link of out.get(id) ?? []) {
      layerOf.set(link.target, Math.max(layerOf.get(link.target) ?? 0, (layerOf.get(id) ?? 0) + 1));
      const left = (waiting.get(link.target) ?? 0) - 1;
      waiting.set(link.target, left);
      if (left === 0) ready.push(link.target);
    }
  }
  return layerOf;
};

const fillLayers = (ids: string[], links: Link[], layerOf: Map<string, number>, size: LayoutSize): Slot[][] => {
  const layers: Slot[][] = [];
  const slots = new Map<string, Slot>();
  const add = (key: string, row: number, width: number): Slot => {
    const slot: Slot = { key, width, up: [], down: [], x: 0 };
    while (layers.length <= row) layers.push([]);
    layers[row]?.push(slot);
    return slot;
  };
  for (const id of ids) slots.set(id, add(id, layerOf.get(id) ?? 0, size.width));
  let bends = links.reduce((sum, link) => sum + (layerOf.get(link.target) ?? 0) - (layerOf.get(link.source) ?? 0) - 1, 0);
  const bend = bends <= mostBends;
  bends = 0;
  const out = groupBy(links, (link) => link.source);
  for (const link of links) {
    const siblings = out.get(link.source) as Link[];
    const port = (siblings.indexOf(link) + 0.5) / siblings.length - 0.5;
    let previous = slots.get(link.source) as Slot;
    const last = layerOf.get(link.target) as number;
    for (let row = (layerOf.get(link.source) as number) + 1; bend && row < last; row++) {
      // A key no node can have: node ids are at most 100 characters.
      const slot = add(`${"·".repeat(101)}${bends++}`, row, size.columnGap);
      join(previous, slot, port);
      previous = slot;
    }
    join(previous, slots.get(link.target) as Slot, port);
  }
  return layers;
};

const join = (above: Slot, below: Slot, port: number): void => {
  above.down.push({ slot: below, port: 0 });
  below.up.push({ slot: above, port });
};

/** Sorts each layer by the mean place of its neighbours in the layer before; those without keep their place. */
const orderLayers = (layers: Slot[][], side: "up" | "down"): void => {
  const order = side === "up" ? layers : [...layers].reverse();
  const placeOf = new Map<Slot, number>();
  for (const layer of order) {
    const wanted = new Map(
      layer.map((slot, index) => [slot, mean(slot[side].map((other) => (placeOf.get(other.slot) ?? 0) + other.port)) ?? index]),
    );
    layer.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
    layer.forEach((slot, index) => {
      placeOf.set(slot, index);
    });
  }
};

/**
 * Puts each slot of a layer as near as its order and the gaps allow to where it wants to be. Least squares with a
 * fixed order: neighbours that want to pass each other are pooled and share the mean of their wishes.
 */
const place = (layer: Slot[], size: LayoutSize, wish: (slot: Slot) => number | undefined): void => {
  const offsets: number[] = [];
  let offset = 0;
  layer.forEach((slot, index) => {
    const before = layer[index - 1];
    if (before) offset += before.width / 2 + size.columnGap + slot.width / 2;
    offsets.push(offset);
  });
  const blocks: { sum: number; count: number }[] = [];
  layer.forEach((slot, index) => {
    blocks.push({ sum: (wish(slot) ?? slot.x) - (offsets[index] as number), count: 1 });
    for (let last = blocks.length - 1; last > 0; last--) {
      const here = blocks[last] as { sum: number; count: number };
      const before = blocks[last - 1] as { sum: number; count: number };
      if (before.sum / before.count <= here.sum / here.count) break;
      before.sum += here.sum;
      before.count += here.count;
      blocks.pop();
    }
  });
  let index = 0;
  for (const block of blocks) {
    for (let taken = 0; taken < block.count; taken++, index++) {
      (layer[index] as Slot).x = block.sum / block.count + (offsets[index] as number);
    }
  }
};

const mean = (values: number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;

const groupBy = <T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
};
