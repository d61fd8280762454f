import { Box, chakra, Text, VisuallyHidden } from "@chakra-ui/react";
import { useMemo } from "react";
import { plainText } from "#nodes/send-email/plain-text.ts";
import type { ToldChange } from "./change-words.ts";
import { aroundChanges, compareWords, type Stretch } from "./compare-words.ts";

/** Two texts as one, in which the words that are new and those that are gone are marked. */
export function ComparedTexts({ texts }: { texts: NonNullable<ToldChange["texts"]> }) {
  const { said, stretches } = useMemo(() => compare(texts), [texts]);
  return (
    <>
      {said !== undefined && (
        <Text textStyle="sm" color="fg.muted">
          {said}
        </Text>
      )}
      {stretches !== null && (
        <Box
          mt="1"
          mb="2"
          px="3"
          py="2"
          borderWidth="1px"
          borderRadius="l2"
          bg="bg.subtle"
          textStyle="sm"
          whiteSpace="pre-wrap"
          overflowWrap="anywhere"
          dir="auto"
        >
          {stretches.map((stretch, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the stretches of two texts never move
            <Marked key={index} stretch={stretch} />
          ))}
        </Box>
      )}
    </>
  );
}

/** An e-mail is compared by what one reads in it; where that is the same, by its source. */
function compare({ before, after, isHtml }: NonNullable<ToldChange["texts"]>): { said?: string; stretches: Stretch[] | null } {
  const words = isHtml ? compareWords(plainText(before), plainText(after)) : compareWords(before, after);
  if (words !== null) return { stretches: aroundChanges(words) };
  const source = isHtml ? compareWords(before, after) : null;
  if (source === null) return { said: "Only blanks and line breaks differ.", stretches: null };
  return { said: "Its words are the same. This is what changed in the HTML:", stretches: aroundChanges(source) };
}

/** Colours and lines tell it to who sees them, words to who listens. */
function Marked({ stretch: { kind, text } }: { stretch: Stretch }) {
  if (kind === "kept") return text;
  const isNew = kind === "new";
  return (
    <chakra.span
      asChild
      px="0.5"
      borderRadius="sm"
      color={isNew ? "tone.green" : "tone.red"}
      bg={isNew ? "tone.green.bg" : "tone.red.bg"}
      textDecoration={isNew ? "underline" : "line-through"}
    >
      {isNew ? (
        <ins>
          <VisuallyHidden>(added: </VisuallyHidden>
          {text}
          <VisuallyHidden>)</VisuallyHidden>
        </ins>
      ) : (
        <del>
          <VisuallyHidden>(taken away: </VisuallyHidden>
          {text}
          <VisuallyHidden>)</VisuallyHidden>
        </del>
      )}
    </chakra.span>
  );
}
