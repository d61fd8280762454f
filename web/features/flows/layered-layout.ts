import { type Forward, groupBy, type Link, longestPath, withoutCycles } from "./graph-layers.ts";

/**
 * Lays out a directed graph from top to bottom. Every node stands below the nodes that lead to it and is centred under
 * them, and edges are short with few crossings. The layout takes the four passes of the Sugiyama method: break cycles,
 * layer by longest path, order the layers by barycentre, then place each layer by least squares with a fixed order.
 */
export interface LayoutSize {
  width: number;
  height: number;
  columnGap: number;
  rowGap: number;
}

export interface Point {
  x: number;
  y: number;
}

export interface LayeredLayout {
  /** The top left corner of every id. */
  positions: Map<string, Point>;
  /**
   * The points at which a link passes the rows between its ends (its x, and the top of the row), by its place in the
   * list given. Links that lead up, in a loop, have none.
   */
  bends: Map<number, Point[]>;
}

interface Slot {
  key: string;
  /** A node takes the width of a card. A bend of a long edge takes little, so that edges pass between cards. */
  width: number;
  up: Neighbour[];
  down: Neighbour[];
  x: number;
}

interface Neighbour {
  slot: Slot;
  /** The side of the slot above from which the edge leaves. -0.5 is its left end, 0.5 its right end. */
  port: number;
}

/** Beyond this many bends long edges are drawn straight. The picture is unreadable then, but must still appear at once. */
const mostBends = 3000;
const sweeps = 8;

/**
 * Links to unknown ids and from a node to itself are ignored. Several links of one source are drawn from left to right
 * in the order given, as far as that costs no crossing.
 */
export const layeredLayout = (ids: readonly string[], links: readonly Link[], size: LayoutSize): LayeredLayout => {
  const known = new Set(ids);
  const usable = links
    .map((link, index) => ({ ...link, index, turned: false }))
    .filter((link) => link.source !== link.target && known.has(link.source) && known.has(link.target));
  const forward = withoutCycles([...known], usable);
  const layerOf = longestPath([...known], forward);
  const { layers, bendsOf } = fillLayers([...known], forward, layerOf, size);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    orderLayers(layers, sweep % 2 === 0 ? "up" : "down");
  }
  for (const layer of layers) place(layer, size, () => undefined);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const side = sweep % 2 === 0 ? "up" : "down";
    const order = side === "up" ? layers : [...layers].reverse();
    for (const layer of order) place(layer, size, (slot) => mean(slot[side].map((other) => other.slot.x)));
  }
  const top = (row: number) => row * (size.height + size.rowGap);
  const positions = new Map<string, Point>();
  const rowOf = new Map<Slot, number>();
  layers.forEach((layer, row) => {
    for (const slot of layer) {
      rowOf.set(slot, row);
      if (known.has(slot.key)) positions.set(slot.key, { x: Math.round(slot.x - size.width / 2), y: top(row) });
    }
  });
  const bends = new Map(
    [...bendsOf].map(([index, slots]) => [index, slots.map((slot) => ({ x: Math.round(slot.x), y: top(rowOf.get(slot) ?? 0) }))]),
  );
  return { positions, bends };
};

const fillLayers = (ids: string[], links: Forward[], layerOf: Map<string, number>, size: LayoutSize) => {
  const layers: Slot[][] = [];
  const slots = new Map<string, Slot>();
  const bendsOf = new Map<number, Slot[]>();
  const row = (id: string): number => layerOf.get(id) ?? 0;
  const add = (key: string, at: number, width: number): Slot => {
    const slot: Slot = { key, width, up: [], down: [], x: 0 };
    while (layers.length <= at) layers.push([]);
    layers[at]?.push(slot);
    return slot;
  };
  for (const id of ids) slots.set(id, add(id, row(id), size.width));
  const bends = links.reduce((sum, link) => sum + row(link.target) - row(link.source) - 1, 0);
  const out = groupBy(links, (link) => link.source);
  let made = 0;
  for (const link of links) {
    const siblings = out.get(link.source) as Forward[];
    const port = (siblings.indexOf(link) + 0.5) / siblings.length - 0.5;
    const passed: Slot[] = [];
    let previous = slots.get(link.source) as Slot;
    for (let at = row(link.source) + 1; bends <= mostBends && at < row(link.target); at++) {
      // A key no node can have: node ids are at most 100 characters.
      const slot = add(`${"·".repeat(101)}${made++}`, at, size.columnGap);
      join(previous, slot, port);
      passed.push(slot);
      previous = slot;
    }
    join(previous, slots.get(link.target) as Slot, port);
    if (!link.turned) bendsOf.set(link.index, passed);
  }
  return { layers, bendsOf };
};

const join = (above: Slot, below: Slot, port: number): void => {
  above.down.push({ slot: below, port: 0 });
  below.up.push({ slot: above, port });
};

/** Sorts each layer by the mean place of its neighbours in the layer before. Slots without neighbours keep their place. */
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
 * Puts each slot of a layer as near to its desired place as its order and the gaps allow. This is least squares with a
 * fixed order (pool adjacent violators): neighbours that would pass each other are pooled and share the mean place.
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
