import { Box, Flex, Text } from "@chakra-ui/react";
import { Check, X } from "lucide-react";
import type { ConditionOperator } from "#contract/field-tests.ts";
import type { Comparison } from "#contract/node-result.ts";
import { quoted } from "#nodes/words/quoted.ts";
import { testWords } from "#nodes/words/test-words.ts";

/** Shows the tests of a condition and the values found, which is why it left by its exit. */
export function StepComparisons({ compared }: { compared: readonly Comparison[] }) {
  return (
    <Box as="ul" listStyleType="none" aria-label="Values compared" display="grid" gap="1">
      {compared.map((each, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a record does not change, and the same test may occur twice in it.
        <Flex as="li" key={index} gap="1.5" align="flex-start" textStyle="sm">
          <Box color={each.held ? "status.completed" : "fg.subtle"} mt="0.5" flexShrink={0}>
            {each.held ? <Check size={16} aria-label="True:" role="img" /> : <X size={16} aria-label="Not true:" role="img" />}
          </Box>
          <Text overflowWrap="anywhere">
            {testWords({ field: each.field, operator: each.operator as ConditionOperator, value: each.wanted as string })}
            <Text as="span" color="fg.muted">
              {each.against ? " (must not hold)" : ""} – found {quoted(each.found)}
            </Text>
          </Text>
        </Flex>
      ))}
    </Box>
  );
}
