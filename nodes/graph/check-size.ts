import { flowLimits } from "#contract/flows.ts";
import { measureValue } from "#contract/measure-value.ts";
import { forbiddenWords } from "#contract/paths.ts";
import { isRecord, type Report } from "./checked-node.ts";

/** Whether nodes and edges are within the limits. Where they are not, nothing more of the graph should be looked at. */
export function checkSize(nodes: unknown[], edges: unknown[], report: Report): boolean {
  let characters = 0;
  let ok = true;
  for (const [kind, word, items] of [["node", "step", nodes] as const, ["edge", "connection", edges] as const]) {
    for (const item of items) {
      const size = measureValue(item, { nesting: flowLimits.nesting, keys: flowLimits.keys, text: flowLimits.nodeText });
      const where = isRecord(item) && typeof item.id === "string" ? { [`${kind}Id`]: item.id.slice(0, 200) } : {};
      characters += size.characters;
      if (size.problem) {
        ok = false;
        report(size.problem === "forbidden_name" ? "malformed" : "too_large", sizeMessages[size.problem](word), where);
      }
    }
  }
  if (characters > flowLimits.bytes) {
    ok = false;
    report("too_large", `The flow is larger than ${flowLimits.bytes / 1024} KiB.`);
  }
  return ok;
}

const sizeMessages = {
  nesting: (kind: string) => `This ${kind} is nested deeper than ${flowLimits.nesting} levels.`,
  keys: (kind: string) => `This ${kind} has more than ${flowLimits.keys} properties.`,
  text: (kind: string) => `This ${kind} holds more than ${flowLimits.nodeText / 1024} KiB of text.`,
  forbidden_name: (kind: string) => `This ${kind} has a property named ${forbiddenWords}.`,
};
