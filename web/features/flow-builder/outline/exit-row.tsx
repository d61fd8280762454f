import { Box, Flex, Text, VisuallyHidden } from "@chakra-ui/react";
import { ChevronDown, ChevronRight } from "lucide-react";
import { type ReactNode, useId } from "react";
import type { FlowProblem } from "#contract/flows.ts";
import { plural } from "#ui/format.ts";
import { IconButton } from "#ui/icon-button.tsx";
import { foldWords } from "../fold/fold-words.ts";
import { NoteLine } from "./note-line.tsx";
import type { OutlineRow } from "./outline-rows.ts";

interface ExitRowProps {
  row: Extract<OutlineRow, { kind: "exit" }>;
  /** Those of the steps that a folded branch hides. */
  problems: readonly FlowProblem[];
  common: object;
  onFold: (isFolded: boolean) => void;
  /** The button that adds a step there. */
  children: ReactNode;
}

/** The head of a branch, which can be folded. */
export function ExitRow({ row, problems, common, onFold, children }: ExitRowProps) {
  const id = useId();
  const isFolded = row.hidden.length > 0;
  const errors = problems.filter(({ severity }) => severity === "error").length;
  return (
    <Flex {...common} aria-labelledby={id} {...(row.steps > 0 && { "aria-expanded": !isFolded })}>
      {row.steps === 0 ? (
        // The names of branches stand in one line, whether or not there is something to fold in them.
        <Box boxSize="7" flexShrink={0} />
      ) : (
        <IconButton
          size="xs"
          tooltip="title"
          icon={isFolded ? ChevronRight : ChevronDown}
          label={isFolded ? "Unfold this branch" : "Fold this branch"}
          tabIndex={-1}
          onClick={() => onFold(!isFolded)}
        />
      )}
      <Flex id={id} as="span" align="center" gap="2" minW="0">
        <Text as="span" textStyle="sm" fontWeight="medium" bg="bg.muted" rounded="full" px="2.5" py="0.5" truncate dir="auto">
          {row.label}
        </Text>
        {isFolded && (
          <Text as="span" textStyle="xs" color={errors > 0 ? "fg.error" : "fg.muted"} flexShrink={0}>
            {foldWords(row.steps, errors)}
          </Text>
        )}
        {row.lineNote !== undefined && <NoteLine note={row.lineNote} />}
        <VisuallyHidden>{isFolded ? ", folded branch" : `, branch, ${plural(row.steps, "step")}`}</VisuallyHidden>
      </Flex>
      {children}
    </Flex>
  );
}
