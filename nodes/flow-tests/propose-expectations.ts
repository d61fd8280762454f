import type { Expectation } from "#contract/flow-tests.ts";
import type { Simulation } from "#contract/simulations.ts";
import { outcomeOf, visitsOf } from "./judge-flow-test.ts";

const longest = 300;
const mostMessages = 40;

/** What was seen in a simulation, as what a test may expect: the way, each message, and how it ended. */
export function proposeExpectations(simulation: Simulation, flowId: string): Expectation[] {
  const visits = visitsOf(simulation, flowId);
  const messages = visits.flatMap(({ nodeId, message, status }): Expectation[] =>
    message && status === "completed" && message.text.trim() !== ""
      ? [{ kind: "message", nodeId, contains: firstPart(message.text.trim()) }]
      : [],
  );
  const distinct = [...new Map(messages.map((one) => [JSON.stringify(one), one])).values()];
  return [
    ...(visits.length === 0 ? [] : [{ kind: "path" as const, steps: visits.map(({ nodeId }) => nodeId) }]),
    ...distinct.slice(0, mostMessages),
    { kind: "ends", as: outcomeOf(simulation) },
  ];
}

/** A long text is known by how it begins. It is not cut within a character. */
const firstPart = (text: string): string =>
  text
    .slice(0, longest)
    .replace(/[\ud800-\udbff]$/, "")
    .trimEnd();
