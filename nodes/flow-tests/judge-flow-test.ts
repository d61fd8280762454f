import type { Expectation, FlowTestFailure, FlowTestOutcome } from "#contract/flow-tests.ts";
import type { SimulatedStep, Simulation } from "#contract/simulations.ts";
import { expectationWords, outcomeWords, spanWords } from "./expectation-words.ts";
import { readEndValue } from "./read-end-value.ts";
import type { NameStep } from "./step-names.ts";
import { textSearch } from "./text-search.ts";

interface Judged {
  expect: readonly Expectation[];
  simulation: Simulation;
  flowId: string;
  name: NameStep;
}

/** What of a simulation came otherwise than a test expects. Steps of flows that it started are not looked at. */
export function judgeFlowTest({ expect, simulation, flowId, name }: Judged): FlowTestFailure[] {
  const visits = visitsOf(simulation, flowId);
  const reading = { left: mostRead };
  return expect.flatMap((expectation) => {
    const otherwise = judge(expectation, { simulation, visits, name, reading });
    return otherwise ? [{ expected: `${excerpt(expectationWords(expectation, name), longestExpected)}.`, ...otherwise }] : [];
  });
}

/** Characters of messages that a test looks through, with all that it expects. Ten usual e-mails are some ten thousand. */
const mostRead = 20_000_000;
/** A way may name a thousand steps. The test itself holds all of them. */
const longestExpected = 3_000;

interface Seen {
  simulation: Simulation;
  visits: SimulatedStep[];
  name: NameStep;
  /** How many characters may still be looked through. */
  reading: { left: number };
}

type Otherwise = Pick<FlowTestFailure, "nodeId" | "actual"> | undefined;

function judge(expectation: Expectation, seen: Seen): Otherwise {
  const { simulation, visits, name, reading } = seen;
  const at = (nodeId: string) => visits.filter((visit) => visit.nodeId === nodeId);
  switch (expectation.kind) {
    case "path":
      return judgePath(expectation.steps, visits, name);
    case "reaches":
      return at(expectation.nodeId).length > 0 ? undefined : { nodeId: expectation.nodeId, actual: notReached(visits, name) };
    case "avoids":
      return at(expectation.nodeId).length === 0
        ? undefined
        : { nodeId: expectation.nodeId, actual: `It came to ${name(expectation.nodeId)}.` };
    case "message":
      return judgeMessage(expectation, { reached: at(expectation.nodeId), visits, name, reading });
    case "no_message": {
      const sent = at(expectation.nodeId).flatMap(textSent)[0];
      return sent === undefined ? undefined : { nodeId: expectation.nodeId, actual: `It sent “${excerpt(sent)}”.` };
    }
    case "exit": {
      const { nodeId, exit } = expectation;
      const last = at(nodeId).at(-1);
      if (!last) return { nodeId, actual: notReached(visits, name) };
      if (last.exit === exit) return undefined;
      return { nodeId, actual: last.exit === null ? "It took no exit." : `It left by ${name.exit(nodeId, last.exit)}.` };
    }
    case "ends": {
      const outcome = outcomeOf(simulation);
      if (outcome === expectation.as) return undefined;
      const why = simulation.errorMessage ? ` ${simulation.errorMessage}` : "";
      return { nodeId: visits.at(-1)?.nodeId ?? null, actual: `It ended ${outcomeWords[outcome]}.${why}` };
    }
    case "within": {
      const seconds = Math.ceil((Date.parse(simulation.endedAt) - Date.parse(simulation.startedAt)) / 1000);
      if (simulation.end === "over" && seconds <= expectation.seconds) return undefined;
      return { nodeId: null, actual: simulation.end === "over" ? `It took ${longSpan(seconds)}.` : "It was not over." };
    }
    case "value": {
      const found = readEndValue(simulation, expectation);
      if (found === expectation.is) return undefined;
      return { nodeId: null, actual: found === null ? "It had no value." : `It was “${excerpt(found)}”.` };
    }
  }
}

/** The visits to steps of the flow, each as its last attempt left it, in their order. */
export function visitsOf({ steps }: Pick<Simulation, "steps">, flowId: string): SimulatedStep[] {
  return [...new Map(steps.filter((step) => step.flowId === flowId).map((step) => [step.visit, step])).values()];
}

/** How it ended. One that met a limit of the simulator is not judged, so it is none of these. */
export function outcomeOf({ notEnrolled, end, status }: Pick<Simulation, "notEnrolled" | "end" | "status">): FlowTestOutcome {
  if (notEnrolled) return "not_enrolled";
  if (end !== "over") return "waiting";
  return status === "failed" || status === "partial_failure" || status === "cancelled" ? status : "completed";
}

function judgePath(steps: readonly string[], visits: readonly SimulatedStep[], name: NameStep): Otherwise {
  const length = Math.max(steps.length, visits.length);
  for (let index = 0; index < length; index += 1) {
    const [wanted, came] = [steps[index], visits[index]?.nodeId];
    if (wanted === came) continue;
    const before = visits[index - 1]?.nodeId;
    const after = before === undefined ? "At the beginning" : `After ${name(before)}`;
    if (came === undefined) {
      const why = visits.length === 0 ? "The contact did not come to any step." : `It went no further than ${name(before as string)}.`;
      return { nodeId: wanted ?? null, actual: why };
    }
    return {
      nodeId: came,
      actual: `${after} it came to ${name(came)}${wanted === undefined ? ", where the test expects the end" : ` and not to ${name(wanted)}`}.`,
    };
  }
  return undefined;
}

function judgeMessage(
  { nodeId, contains }: Extract<Expectation, { kind: "message" }>,
  { reached, visits, name, reading }: { reached: readonly SimulatedStep[] } & Pick<Seen, "visits" | "name" | "reading">,
): Otherwise {
  if (reached.length === 0) return { nodeId, actual: notReached(visits, name) };
  const sent = reached.flatMap(textSent);
  const holds = textSearch(contains);
  for (const text of sent) {
    reading.left -= text.length;
    if (reading.left < 0) return { nodeId, actual: "Its messages are longer together than a test reads." };
    if (holds(text)) return undefined;
  }
  return { nodeId, actual: sent[0] === undefined ? "It sent nothing." : `It sent “${excerpt(sent[0])}”.` };
}

/** The subject and the text of the message that a step has sent. */
function textSent({ message, status }: SimulatedStep): string[] {
  if (!message || status !== "completed") return [];
  return [message.subject === null ? message.text : `${message.subject}\n${message.text}`];
}

const notReached = (visits: readonly SimulatedStep[], name: NameStep): string => {
  const last = visits.at(-1);
  return last ? `It was not reached; the way ended at ${name(last.nodeId)}.` : "The contact did not come to any step.";
};

const excerpt = (text: string, longest = 300): string => (text.length > longest ? `${text.slice(0, longest)}…` : text);

/** Whole minutes are near enough for spans that somebody reads. */
const longSpan = (seconds: number): string => spanWords(seconds < 120 ? seconds : Math.ceil(seconds / 60) * 60);
