import { Check, Clock, type LucideIcon, SkipForward, TriangleAlert } from "lucide-react";
import { createContext, useContext } from "react";
import type { StepCount } from "#contract/step-counts.ts";
import { formatCount, formatPercent } from "#ui/format.ts";

/** Which executions of a step: those that wait there, passed it, were skipped or failed there, or left it by an exit. */
export type AtStep = { stepId: string; what: "waiting" | "passed" | "skipped" | "failed" } | { stepId: string; what: "left"; exit: string };

interface Numbers {
  steps: Readonly<Record<string, StepCount>>;
  /** Shows the executions that a number counts. */
  onShow: (asked: AtStep) => void;
}

/** Undefined where no numbers are shown. */
export const NumbersContext = createContext<Numbers | undefined>(undefined);

const kinds: readonly { what: "waiting" | "passed" | "skipped" | "failed"; Icon: LucideIcon; word: string }[] = [
  { what: "waiting", Icon: Clock, word: "waiting" },
  { what: "passed", Icon: Check, word: "passed" },
  { what: "skipped", Icon: SkipForward, word: "skipped" },
  { what: "failed", Icon: TriangleAlert, word: "failed" },
];

const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** How many there are of each kind, at the foot of a card. A kind that nobody belongs to is left out. */
export function CardNumbers({ id, label }: { id: string; label: string }) {
  const numbers = useContext(NumbersContext);
  const count = numbers?.steps[id];
  if (!numbers || !count) return null;
  return (
    <span className="numbers">
      {kinds.map(({ what, Icon, word }) => {
        const number = count[what];
        if (number === 0) return null;
        const words = `${formatCount(number)} ${word}`;
        return (
          <button
            key={what}
            type="button"
            className={`number ${what}`}
            aria-label={`${words} at ${label}: show them in the history`}
            title={`${words}. Show them in the history.`}
            onClick={(event) => {
              event.stopPropagation();
              numbers.onShow({ stepId: id, what });
            }}
          >
            <Icon aria-hidden size={12} /> {short.format(number)}
          </button>
        );
      })}
    </span>
  );
}

/** The share of those who left a step that left it by this exit. */
export function ExitShare({ stepId, exit, label }: { stepId: string; exit: string; label: string }) {
  const numbers = useContext(NumbersContext);
  const exits = numbers?.steps[stepId]?.exits;
  if (!numbers || !exits) return null;
  const all = Object.values(exits).reduce((sum, one) => sum + one, 0);
  const number = exits[exit] ?? 0;
  if (all === 0) return null;
  const words = `${formatCount(number)} of ${formatCount(all)} left by “${label}”`;
  return (
    <button
      type="button"
      className="share"
      // The history shows the same, so a screen reader finds it there; the head is a picture.
      tabIndex={-1}
      title={`${words}. Show them in the history.`}
      onClick={(event) => {
        event.stopPropagation();
        numbers.onShow({ stepId, what: "left", exit });
      }}
    >
      {formatPercent(number, all)}
    </button>
  );
}
