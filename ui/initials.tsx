import { Flex } from "@chakra-ui/react";

/** A person as a small circle with their first letters. It is drawn beside their name, or inside of what names them. */
export function Initials({ name }: { name: string }) {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...(word ?? "")][0] ?? "").join("");
  return (
    <Flex
      as="span"
      aria-hidden
      boxSize="6"
      borderRadius="full"
      bg="accent.muted"
      color="accent.fg"
      align="center"
      justify="center"
      fontSize="0.6875rem"
      fontWeight="600"
      flexShrink={0}
    >
      {letters.toUpperCase()}
    </Flex>
  );
}
