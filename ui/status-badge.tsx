import { Badge } from "@chakra-ui/react";
import {
  Ban,
  CalendarClock,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CirclePause,
  CircleQuestionMark,
  CircleSlash,
  CircleX,
  Clock,
  FlaskConical,
  Hand,
  LoaderCircle,
  type LucideIcon,
  Send,
  SkipForward,
  Undo2,
} from "lucide-react";
import type { StatusName } from "./theme-tokens.ts";

const looks: Record<StatusName, { word: string; icon: LucideIcon }> = {
  pending: { word: "Pending", icon: CircleDashed },
  scheduled: { word: "Scheduled", icon: CalendarClock },
  running: { word: "Running", icon: CircleDot },
  waiting: { word: "Waiting", icon: Clock },
  completed: { word: "Completed", icon: CircleCheck },
  failed: { word: "Failed", icon: CircleX },
  cancelled: { word: "Cancelled", icon: Ban },
  partial_failure: { word: "Finished with errors", icon: CircleAlert },
  skipped: { word: "Skipped", icon: SkipForward },
  queued: { word: "Queued", icon: CircleDashed },
  sending: { word: "Sending", icon: CircleDot },
  sent: { word: "Sent", icon: Send },
  captured: { word: "Test only, not sent", icon: FlaskConical },
  delivered: { word: "Delivered", icon: CircleCheck },
  undelivered: { word: "Undelivered", icon: CircleX },
  unknown: { word: "Unknown", icon: CircleQuestionMark },
  held: { word: "Held", icon: Hand },
  enrolling: { word: "Enrolling", icon: LoaderCircle },
  canary: { word: "Trying with a few", icon: Clock },
  paused: { word: "Paused", icon: CirclePause },
  stopped: { word: "Stopped", icon: CircleSlash },
  undone: { word: "Undone", icon: Undo2 },
  done: { word: "Done", icon: CircleCheck },
};

export interface StatusBadgeProps {
  status: StatusName;
  /** Words instead of the status's own: "Waiting until tomorrow 9:00". */
  label?: string;
}

/** The state of an execution, a step, a message or a send: always icon and word, never colour alone. */
export function StatusBadge({ status, label }: StatusBadgeProps) {
  const { word, icon: Icon } = looks[status];
  return (
    <Badge size="sm" color={`status.${status}`} bg={`status.${status}.bg`} ps="1" pe="1.5" maxW="full" data-status={status}>
      <Icon aria-hidden size={14} strokeWidth={2} style={{ flexShrink: 0 }} />
      <span style={{ overflow: "hidden", textOverflow: "ellipsis" }}>{label ?? word}</span>
    </Badge>
  );
}
