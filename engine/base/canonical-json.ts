import { configure } from "safe-stable-stringify";

/**
 * JSON that is the same for equal values, in whatever order their properties were written. Hashes of it are stored
 * (versions of flows for ever, requests for a day), so it must never change: whole numbers come first and by value, as
 * JavaScript orders them in every object, then the other names by their code units.
 */
export const canonicalJson = configure({
  deterministic(a, b) {
    if (isIndex(a) && isIndex(b)) return Number(a) - Number(b);
    if (isIndex(a) !== isIndex(b)) return isIndex(a) ? -1 : 1;
    return a < b ? -1 : 1;
  },
});

const isIndex = (name: string) => /^(0|[1-9]\d*)$/.test(name) && Number(name) < 2 ** 32 - 1;
