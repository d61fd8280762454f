import { Box } from "@chakra-ui/react";

/**
 * A number at the end of a link whose accessible name tells it in words, or a dot at its icon. The number is drawn by a style, because
 * text in the link would have to stand in its name as it is.
 */
export function CountMark({ text, dot }: { text: string; dot?: boolean | undefined }) {
  if (dot) {
    return <Box as="span" position="absolute" top="-0.5" insetEnd="-1" boxSize="2" borderRadius="full" bg="status.waiting" aria-hidden />;
  }
  return (
    <Box
      as="span"
      ms="auto"
      minW="5"
      px="1.5"
      borderRadius="full"
      textAlign="center"
      textStyle="xs"
      fontVariantNumeric="tabular-nums"
      color="status.waiting"
      bg="status.waiting.bg"
      data-count={text}
      _before={{ content: "attr(data-count)" }}
      aria-hidden
    />
  );
}
