import { CircleAlert, CircleCheck, Lightbulb, TriangleAlert } from "lucide-react";
import type { FlowProblem } from "#contract/flows.ts";
import { Button } from "#ui/button.tsx";
import { flowKeys } from "../keys/builder-keys.ts";
import { shortcutOf } from "../keys/key-signs.tsx";
import { countWords } from "./shown-problems.ts";

/** Says how much is wrong, and opens the panel that tells it. */
export function ProblemButton({ problems, isOpen, onClick }: { problems: readonly FlowProblem[]; isOpen: boolean; onClick: () => void }) {
  const has = (severity: FlowProblem["severity"]) => problems.some((one) => one.severity === severity);
  const [Icon, color] = has("error")
    ? [CircleAlert, "fg.error"]
    : has("warning")
      ? [TriangleAlert, "fg.warning"]
      : has("hint")
        ? [Lightbulb, "fg.muted"]
        : [CircleCheck, "fg.muted"];
  const all = countWords(problems) ?? "No problems";
  const gravest = problems.filter(({ severity }) => severity === (has("error") ? "error" : has("warning") ? "warning" : "hint"));
  const name = countWords(gravest) ?? "No problems";
  return (
    <Button
      tone="ghost"
      icon={Icon}
      color={color}
      aria-expanded={isOpen}
      aria-keyshortcuts={flowKeys.problems.keys[0]}
      // What only says the name again would be spoken twice.
      title={all === name ? `Show them (${shortcutOf(flowKeys.problems)})` : `${all} (${shortcutOf(flowKeys.problems)})`}
      onClick={onClick}
    >
      {name}
    </Button>
  );
}
