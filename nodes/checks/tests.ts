import type { CheckedGraph, CheckedNode, Report } from "../graph/checked-node.ts";
import { isRecord } from "../graph/checked-node.ts";
import { asksTheSame, isImpossible, type TestGroup, thenAlso } from "./test-logic.ts";

/** As many pairs of tests are compared for one step; beyond them nothing is told, which is no harm. */
const mostComparisons = 20_000;

/** Tells of tests that stand twice, of branches that no contact can take, and of those that an earlier one takes first. */
export function checkTests({ nodes }: CheckedGraph, report: Report): void {
  for (const node of nodes.values()) {
    if (node.parsed === undefined) continue;
    const work = { left: mostComparisons };
    for (const { group, at } of groupsOf(node)) checkTwins(group, at, node, report, work);
    checkBranches(node, report, work);
  }
}

interface Branch extends TestGroup {
  id: string;
  label: string;
}

const branchesOf = ({ definition, parsed }: CheckedNode): readonly Branch[] =>
  definition?.type === "condition" ? (parsed as { branches: readonly Branch[] }).branches : [];

/** The outermost groups of a node: one for each branch, or its own. */
function groupsOf(node: CheckedNode): { group: TestGroup; at: string }[] {
  const branches = branchesOf(node).map((group, index) => ({ group, at: `branches.${index}.` }));
  if (branches.length > 0) return branches;
  return isRecord(node.parsed) && Array.isArray(node.parsed.tests) ? [{ group: node.parsed as unknown as TestGroup, at: "" }] : [];
}

function checkTwins({ tests }: TestGroup, at: string, node: CheckedNode, report: Report, work: { left: number }): void {
  for (const [index, test] of tests.entries()) {
    const place = `${at}tests.${index}`;
    if (tests.slice(0, index).some((earlier) => asksTheSame(earlier, test, work))) {
      const fix = { kind: "remove", label: "Remove it" } as const;
      report("tests_twice", "This is asked twice.", { nodeId: node.id, field: place, fix });
    } else if ("tests" in test) checkTwins(test, `${place}.`, node, report, work);
  }
}

function checkBranches(node: CheckedNode, report: Report, work: { left: number }): void {
  const branches = branchesOf(node);
  for (const [index, branch] of branches.entries()) {
    const where = {
      nodeId: node.id,
      field: `branches.${index}`,
      ...(branches.length > 1 && { fix: { kind: "remove", label: "Remove this branch" } as const }),
    };
    const name = `“${branch.label || branch.id}”`;
    if (isImpossible(branch, work)) report("branch_impossible", `No contact can take ${name}: its tests contradict each other.`, where);
    else {
      const earlier = branches.slice(0, index).find((one) => thenAlso(branch, one, work));
      if (earlier === undefined) continue;
      report("branch_shadowed", `Nobody reaches ${name}: “${earlier.label || earlier.id}” before it takes them all.`, where);
    }
  }
}
