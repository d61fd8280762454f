import { Flex, Icon, Stack, Text } from "@chakra-ui/react";
import { Unlink } from "lucide-react";
import { Button } from "./button.tsx";

export interface UnreadableFilterProps {
  /** The parts of the address that could not be read. */
  parts: readonly string[];
  /** What the button does: "Show all contacts". */
  clearLabel: string;
  onClear: () => void;
}

const longest = 60;
const quoted = (part: string) => `“${part.length > longest ? `${part.slice(0, longest)}…` : part}”`;

/** Stands where the rows would be: without its filter the link would list everybody instead of those it means. */
export function UnreadableFilter({ parts, clearLabel, onClear }: UnreadableFilterProps) {
  return (
    <Flex role="alert" direction="column" align="center" justify="center" gap="4" px="6" py="16" textAlign="center">
      <Icon boxSize="6" color="fg.error">
        <Unlink aria-hidden strokeWidth={1.75} />
      </Icon>
      <Stack gap="1" maxW="md">
        <Text fontWeight="medium">This link's filter cannot be read</Text>
        <Text color="fg.muted" textStyle="sm" overflowWrap="anywhere">
          {parts.map(quoted).join(", ")} {parts.length === 1 ? "is not a filter" : "are not filters"} of this page. The link may be cut off,
          or name something that does not exist any more. Nothing is listed, because the rows could be others than were meant.
        </Text>
      </Stack>
      <Button onClick={onClear}>{clearLabel}</Button>
    </Flex>
  );
}
