import { hash } from "node:crypto";

/** A number from 0 up to, not including, 1. The same names give the same number, and different names spread evenly. */
export function deterministicRandom(...names: readonly string[]): number {
  return Number.parseInt(hash("sha256", names.join("\n"), "hex").slice(0, 12), 16) / 2 ** 48;
}
