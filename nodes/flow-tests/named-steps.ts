import type { Expectation, FlowTestScript } from "#contract/flow-tests.ts";

/** The steps that an expectation names, each once. */
export const stepsOf = (expectation: Expectation): string[] =>
  expectation.kind === "path" ? [...new Set(expectation.steps)] : "nodeId" in expectation ? [expectation.nodeId] : [];

/** The steps that a test names, in what it expects and in its script, each once. */
export const namedSteps = ({ expect, script }: { expect: readonly Expectation[]; script: FlowTestScript }): string[] => [
  ...new Set([...expect.flatMap(stepsOf), ...Object.keys(script.answers), ...Object.keys(script.shares)]),
];
