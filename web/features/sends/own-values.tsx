import { Box, chakra, Flex, Text } from "@chakra-ui/react";
import type { ApprovalContent } from "#contract/approvals.ts";
import { Button } from "#ui/button.tsx";
import { plural } from "#ui/format.ts";
import { valueText } from "./value-text.ts";

interface OwnValuesProps {
  values: ApprovalContent["ownValues"];
  /** Whose messages are shown. */
  shown: string | null;
  onShow: (contactId: string) => void;
}

/** The values of single contacts, folded, each with the way to the messages of its contact. */
export function OwnValues({ values, shown, onShow }: OwnValuesProps) {
  return (
    <chakra.details textStyle="sm" borderWidth="1px" borderRadius="l2">
      <chakra.summary cursor="pointer" px="3" py="2">
        {plural(values.length, "contact has", "contacts have")} values of their own
      </chakra.summary>
      <Box as="ul" listStyleType="none" maxHeight="96" overflowY="auto" tabIndex={0} borderTopWidth="1px">
        {values.map(({ contactId, name, values: own }) => (
          <Flex as="li" key={contactId} gap="3" px="3" py="2" align="flex-start" borderTopWidth="1px" _first={{ borderTopWidth: "0" }}>
            <Box flex="1" minW="0">
              <Text fontWeight="medium">{name ?? "A contact that is not there any more"}</Text>
              {own.map(({ name: key, label, value }) => (
                <Text key={key} color="fg.muted" whiteSpace="pre-wrap" overflowWrap="anywhere">
                  {label}: {valueText(value)}
                </Text>
              ))}
            </Box>
            {name !== null && (
              <Button size="xs" flexShrink={0} onClick={() => onShow(contactId)} disabled={shown === contactId}>
                Show messages <chakra.span srOnly>to {name}</chakra.span>
              </Button>
            )}
          </Flex>
        ))}
      </Box>
    </chakra.details>
  );
}
