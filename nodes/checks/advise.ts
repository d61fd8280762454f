import type { CheckedGraph, Report } from "../graph/checked-node.ts";
import { checkContents } from "./contents.ts";
import { checkExits } from "./exits.ts";
import { checkSending } from "./sending.ts";
import { checkTests } from "./tests.ts";
import { checkWaits } from "./waits.ts";

/** Tells what can be sent and was probably not meant so, family by family. `today` as YYYY-MM-DD. */
export function advise(graph: CheckedGraph, report: Report, today: string): void {
  checkExits(graph, report);
  checkTests(graph, report);
  checkSending(graph, report);
  checkContents(graph, report);
  checkWaits(graph, report, today);
}
