import { Box, Flex, Text } from "@chakra-ui/react";
import { Link } from "@tanstack/react-router";
import { CircleAlert, Lightbulb, TriangleAlert } from "lucide-react";
import type { ProblemFix } from "#contract/flow-problems.ts";
import type { FlowProblem } from "#contract/flows.ts";
import { Button } from "#ui/button.tsx";
import { problemWords } from "../panel/problem-words.ts";

const signs = {
  error: { Sign: CircleAlert, color: "fg.error", word: "Problem" },
  warning: { Sign: TriangleAlert, color: "fg.warning", word: "Warning" },
  hint: { Sign: Lightbulb, color: "fg.muted", word: "Hint" },
} as const;

interface ProblemLineProps {
  problem: FlowProblem;
  type: string;
  /** Where it is, where the words alone do not tell. */
  place?: string | undefined;
  /** Undefined where nothing may be changed. */
  onFix: ((fix: ProblemFix) => void) | undefined;
  onShow: () => void;
}

/** A problem in words, which lead to its place, with the button that mends it where that is certain. */
export function ProblemLine({ problem, type, place, onFix, onShow }: ProblemLineProps) {
  const { Sign, color, word } = signs[problem.severity];
  const { fix } = problem;
  return (
    <Flex as="li" align="start" gap="2" py="1" wrap="wrap">
      <Box color={color} pt="1" flexShrink={0}>
        <Sign aria-label={word} size={16} />
      </Box>
      <Button
        size="xs"
        tone="ghost"
        h="auto"
        minH="6"
        py="0.5"
        px="1"
        flex="1"
        minW="12rem"
        whiteSpace="normal"
        justifyContent="start"
        textAlign="start"
        fontWeight="normal"
        data-problem={problem.code}
        onClick={onShow}
      >
        <Text as="span" textStyle="sm" overflowWrap="anywhere">
          {place && `${place}: `}
          {problemWords(problem, type)}
        </Text>
      </Button>
      {fix?.kind === "open" ? (
        <Button size="xs" asChild>
          <Link to={fix.value}>{fix.label}</Link>
        </Button>
      ) : (
        fix &&
        onFix && (
          <Button size="xs" onClick={() => onFix(fix)}>
            {fix.label}
          </Button>
        )
      )}
    </Flex>
  );
}
