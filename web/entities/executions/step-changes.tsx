import { Box, Flex, Text } from "@chakra-ui/react";
import { ArrowRight } from "lucide-react";
import type { FieldChange } from "#contract/node-result.ts";
import { fieldWords } from "#nodes/words/field-words.ts";
import { quoted } from "#nodes/words/quoted.ts";

/** Shows the fields of the contact that a step changed, each as it was and as it became. */
export function StepChanges({ changes }: { changes: readonly FieldChange[] }) {
  return (
    <Box
      as="ul"
      listStyleType="none"
      aria-label="Changes"
      borderWidth="1px"
      borderRadius="l2"
      css={{ "& > * + *": { borderTopWidth: "1px" } }}
    >
      {changes.map(({ field, before, after }) => (
        <Flex as="li" key={field} gap="2" rowGap="0.5" px="3" py="1.5" align="baseline" wrap="wrap">
          <Text as="span" color="fg.muted" minW="24">
            {upperFirst(fieldWords(field))}
          </Text>
          <Flex gap="1.5" align="center" minW="0" wrap="wrap">
            <Text as="span" color="fg.muted" overflowWrap="anywhere" textDecoration={before === null ? undefined : "line-through"}>
              {valueWords(before)}
            </Text>
            <ArrowRight size={14} role="img" aria-label="became" style={{ flexShrink: 0 }} />
            <Text as="span" fontWeight="500" overflowWrap="anywhere">
              {valueWords(after)}
            </Text>
          </Flex>
        </Flex>
      ))}
    </Box>
  );
}

/** Tags and other lists are kept as JSON, and read as their members. */
function valueWords(value: unknown): string {
  if (typeof value !== "string" || !value.startsWith("[")) return quoted(value);
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) && list.every((one) => typeof one === "string") ? list.join(", ") : quoted(value);
  } catch {
    // A long list is cut where it is kept.
    return quoted(value);
  }
}

const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
