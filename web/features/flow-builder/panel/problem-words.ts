import type { FlowProblem } from "#contract/flows.ts";
import { findDefinition } from "#nodes/definitions.ts";

/** What is wrong at a place, without the type of the step and the path of the place, which stand beside it already. */
export function problemWords({ message, field }: FlowProblem, type: string): string {
  const prefix = `${findDefinition(type)?.label ?? type}: ${field === undefined ? "" : `${field}: `}`;
  return message.startsWith(prefix) ? message.slice(prefix.length) : message;
}
