import type { Expectation, FlowTestOutcome } from "#contract/flow-tests.ts";
import type { NameStep } from "./step-names.ts";

export const outcomeWords: Record<FlowTestOutcome, string> = {
  completed: "with the end of the flow",
  failed: "with an error",
  partial_failure: "with the end of the flow, after an error on the way",
  cancelled: "by being taken out",
  waiting: "never: the contact goes on waiting",
  not_enrolled: "before it begins: the contact is not let in",
};

export const valueWords = { variable: "the variable", field: "the field", custom: "the custom field" } as const;

/** An expectation as a sentence without its full stop. */
export function expectationWords(expectation: Expectation, name: NameStep): string {
  switch (expectation.kind) {
    case "path":
      return `Goes ${expectation.steps.map(name).join(" → ")}`;
    case "reaches":
      return `Comes to ${name(expectation.nodeId)}`;
    case "avoids":
      return `Never comes to ${name(expectation.nodeId)}`;
    case "message":
      return `${capital(name(expectation.nodeId))} sends a message that contains “${expectation.contains}”`;
    case "no_message":
      return `${capital(name(expectation.nodeId))} sends nothing`;
    case "exit":
      return `Leaves ${name(expectation.nodeId)} by ${name.exit(expectation.nodeId, expectation.exit)}`;
    case "ends":
      return `Ends ${outcomeWords[expectation.as]}`;
    case "within":
      return `Is over within ${spanWords(expectation.seconds)}`;
    case "value":
      return `At the end ${valueWords[expectation.of]} “${expectation.name}” ${expectation.is === null ? "has no value" : `is “${expectation.is}”`}`;
  }
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const units = [
  [86_400, "day"],
  [3_600, "hour"],
  [60, "minute"],
  [1, "second"],
] as const;

/** A span in its largest unit that holds it without a rest: "2 days", "36 hours". */
export function spanWords(seconds: number): string {
  const [size, unit] = units.find(([one]) => seconds % one === 0) ?? [1, "second"];
  const many = seconds / size;
  return `${many.toLocaleString("en")} ${many === 1 ? unit : `${unit}s`}`;
}
