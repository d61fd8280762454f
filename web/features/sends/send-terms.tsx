import { Box, Flex, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { SendTerms as Terms } from "#contract/send-terms.ts";
import { fieldWords } from "#nodes/words/field-words.ts";
import { testListWords } from "#nodes/words/test-words.ts";
import { Button } from "#ui/button.tsx";
import { plural, upperFirst } from "#ui/format.ts";
import { sendTermsQuery } from "#web/entities/sends/send-terms-query.ts";
import { exclusionWords } from "#web/entities/sends/who-not-words.ts";
import { valueText } from "./value-text.ts";

/** Whom a send leaves out, its condition and its values, as they were set. A send that was told nothing of this has no line. */
export function SendTerms({ sendId }: { sendId: string }) {
  const terms = useQuery(sendTermsQuery(sendId));
  if (terms.isPending) return null;
  if (terms.isError) {
    return (
      <Flex
        role="alert"
        gap="2"
        align="center"
        textStyle="sm"
        color="fg.muted"
        wrap="wrap"
        px={{ base: "4", md: "6" }}
        py="3"
        borderBottomWidth="1px"
      >
        Whom it leaves out and its values could not be read. {terms.error.message}
        <Button size="xs" onClick={() => void terms.refetch()} busy={terms.isFetching}>
          Retry
        </Button>
      </Flex>
    );
  }
  const whoNot = exclusionWords(terms.data.exclude ?? {});
  const values = valueWords(terms.data);
  const { condition } = terms.data;
  if (whoNot.length === 0 && !condition && values.length === 0) return null;
  return (
    <Box
      as="dl"
      display="grid"
      gap="1"
      textStyle="sm"
      px={{ base: "4", md: "6" }}
      py="3"
      borderBottomWidth="1px"
      aria-label="As it was sent"
    >
      {whoNot.length > 0 && <Line label="Who not">{upperFirst(whoNot.join(", "))}</Line>}
      {condition && <Line label="Only if">{upperFirst(conditionWords(condition))}</Line>}
      {values.length > 0 && <Line label="Values">{values.join(" · ")}</Line>}
    </Box>
  );
}

const conditionWords = (condition: NonNullable<Terms["condition"]>): string =>
  condition.match === "none" ? testListWords([condition]) : testListWords(condition.tests, condition.match);

function valueWords({ values, ownValues }: Terms): string[] {
  return [
    ...values.map(({ label, value, field, fallback }) => {
      if (field === null) return `${label}: ${value === null ? "" : valueText(value)}`;
      return `${label}: ${fieldWords(field)} of each contact${fallback === null ? "" : `, or else ${valueText(fallback)}`}`;
    }),
    ...(ownValues > 0 ? [`${plural(ownValues, "contact has", "contacts have")} values of their own`] : []),
  ];
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Flex gap="2" align="baseline">
      <Text as="dt" color="fg.muted" flexShrink={0} minW="16">
        {label}
      </Text>
      <Text as="dd" minW="0" overflowWrap="anywhere">
        {children}
      </Text>
    </Flex>
  );
}
