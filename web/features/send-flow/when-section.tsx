import { Box, chakra, Text } from "@chakra-ui/react";
import { CalendarClock, ChevronDown } from "lucide-react";
import { type ReactNode, useId } from "react";
import { momentWords } from "#ui/format.ts";
import type { ScheduleDraft, ScheduleProblems } from "#web/entities/schedule/schedule-draft.ts";
import { ScheduleFields } from "#web/entities/schedule/schedule-fields.tsx";
import { type Schedule, scheduleSentence, scheduleSummary } from "#web/entities/schedule/schedule-words.ts";
import { momentOfText } from "#web/entities/schedule/zoned-time.ts";

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
  /** Fields below those of the schedule. */
  children: ReactNode;
}

/** When and how fast to send: one line for the many people who mean now, with the fields folded away. */
export function WhenSection(props: WhenSectionProps) {
  const { open, onOpen, draft, onDraft, schedule, problems, total, now, zone, disabled, end, children } = props;
  const moment = end === null ? undefined : momentOfText(end, zone);
  const until = moment === undefined ? "" : `, not later than ${momentWords(new Date(moment).toISOString(), now, zone)}`;
  const id = useId();
  return (
    <Box borderWidth="1px" borderRadius="l2">
      <chakra.button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => onOpen(!open)}
        disabled={disabled}
        display="flex"
        alignItems="center"
        gap="2"
        width="full"
        minH="9"
        px="3"
        py="1.5"
        textAlign="start"
        textStyle="sm"
        borderRadius="l2"
        cursor="pointer"
        focusVisibleRing="outside"
        _hover={{ bg: "bg.subtle" }}
        _disabled={{ cursor: "default", bg: "transparent" }}
      >
        <Box as="span" color="fg.muted" flexShrink={0}>
          <CalendarClock aria-hidden size={16} strokeWidth={1.75} />
        </Box>
        <Text as="span" fontWeight="medium" flexShrink={0}>
          When
        </Text>
        <Text as="span" color="fg.muted" flex="1" minW="0">
          {open ? "" : schedule ? `${scheduleSummary(schedule, now, zone)}${until}` : "Something is missing"}
        </Text>
        <Box as="span" color="fg.subtle" flexShrink={0} transition="transform 150ms" transform={open ? "rotate(180deg)" : undefined}>
          <ChevronDown aria-hidden size={16} />
        </Box>
      </chakra.button>
      {open && (
        <Box id={id} borderTopWidth="1px" px="3" pt="3">
          <ScheduleFields draft={draft} onChange={onDraft} problems={problems} zone={zone} disabled={disabled} />
          <Box mt="4">{children}</Box>
          <Text role="status" mx="-3" mt="4" px="3" py="2" borderTopWidth="1px" bg="bg.subtle" borderBottomRadius="l2" textStyle="sm">
            {schedule ? scheduleSentence(schedule, { total, now, zone }) : "Correct the fields marked above to see what will happen."}
          </Text>
        </Box>
      )}
    </Box>
  );
}
