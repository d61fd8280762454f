import type { Expectation } from "#contract/flow-tests.ts";
import type { FlowNode } from "#contract/flows.ts";
import { simulationLimits } from "#contract/simulations.ts";
import { exitsOf } from "../operations/exits.ts";

const sends = (node: FlowNode) => node.type.startsWith("send_");

/** An expectation of this kind, to be filled in. */
export function newExpectation(kind: Exclude<Expectation["kind"], "path">, nodes: readonly FlowNode[]): Expectation {
  const last = nodes.at(-1)?.id ?? "";
  const sender = nodes.find(sends)?.id ?? last;
  switch (kind) {
    case "reaches":
    case "avoids":
      return { kind, nodeId: last };
    case "no_message":
      return { kind, nodeId: sender };
    case "message":
      return { kind, nodeId: sender, contains: "" };
    case "exit": {
      const branching = nodes.findLast((node) => exitsOf(node).length > 1) ?? nodes.at(-1);
      return { kind, nodeId: branching?.id ?? "", exit: (branching && exitsOf(branching)[0]?.handle) ?? "" };
    }
    case "ends":
      return { kind, as: "completed" };
    case "within":
      return { kind, seconds: 86_400 };
    case "value":
      return { kind, of: "variable", name: "", is: null };
  }
}

/** What is still missing, in a sentence for the person who fills it in. */
export function expectationProblem(value: Expectation): string | undefined {
  if (value.kind === "message" && value.contains.trim() === "") return "Enter a part of the text.";
  if (value.kind === "message" && value.contains.length > 2000) return "Enter at most 2,000 characters.";
  if (value.kind === "exit" && value.exit === "") return "Choose a step that can be left by several ways.";
  if (value.kind === "value" && value.name.trim() === "") return "Enter the name.";
  if (value.kind !== "within") return undefined;
  return value.seconds < 1 || value.seconds > simulationLimits.days * 86_400 ? "Enter a time of up to 366 days." : undefined;
}
