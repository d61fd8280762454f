import { Box, Text } from "@chakra-ui/react";
import { CalendarClock } from "lucide-react";
import type { ReactNode } from "react";
import { momentWords } from "#ui/format.ts";
import type { ScheduleDraft, ScheduleProblems } from "#web/entities/schedule/schedule-draft.ts";
import { ScheduleFields } from "#web/entities/schedule/schedule-fields.tsx";
import { type Schedule, scheduleSentence, scheduleSummary } from "#web/entities/schedule/schedule-words.ts";
import { momentOfText } from "#web/entities/schedule/zoned-time.ts";
import { Fold } from "./fold.tsx";

interface WhenSectionProps {
  open: boolean;
  onOpen: (open: boolean) => void;
  draft: ScheduleDraft;
  onDraft: (draft: ScheduleDraft) => void;
  /** The schedule that the draft describes; null while the draft has a problem. */
  schedule: Schedule | null;
  problems: ScheduleProblems;
  total: number;
  now: number;
  zone: string;
  disabled: boolean;
  /** The moment after which nothing leaves, on the workspace's clock; null where there is none. */
  end: string | null;
  /** It begins with a few of them. */
  fewFirst: boolean;
  /** Fields below those of the schedule. */
  children: ReactNode;
}

/** When and how fast to send: one line for the many people who mean now, with the fields folded away. */
export function WhenSection(props: WhenSectionProps) {
  const { open, onOpen, draft, onDraft, schedule, problems, total, now, zone, disabled, end, fewFirst, children } = props;
  const moment = end === null ? undefined : momentOfText(end, zone);
  const until = moment === undefined ? "" : `, not later than ${momentWords(new Date(moment).toISOString(), now, zone)}`;
  const summary = schedule
    ? `${scheduleSummary(schedule, now, zone)}${fewFirst ? ", after a few first" : ""}${until}`
    : "Something is missing";
  return (
    <Fold icon={CalendarClock} title="When" summary={summary} open={open} onOpen={onOpen} disabled={disabled}>
      <Box px="3" pt="3">
        <ScheduleFields draft={draft} onChange={onDraft} problems={problems} zone={zone} disabled={disabled} />
        <Box mt="4">{children}</Box>
        <Text role="status" mx="-3" mt="4" px="3" py="2" borderTopWidth="1px" bg="bg.subtle" borderBottomRadius="l2" textStyle="sm">
          {schedule
            ? scheduleSentence(schedule, { total, now, zone, fewFirst })
            : "Correct the fields marked above to see what will happen."}
        </Text>
      </Box>
    </Fold>
  );
}
