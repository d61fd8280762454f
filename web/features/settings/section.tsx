import { Box, Flex, Heading, Stack, Text } from "@chakra-ui/react";
import type { ReactNode } from "react";

interface SectionProps {
  title: string;
  lead?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}

/** A section of the settings with its title and an explanation. */
export function Section({ title, lead, action, children }: SectionProps) {
  return (
    <Box as="section" pb="8" mb="8" borderBottomWidth="1px" _last={{ borderBottomWidth: "0", mb: "0" }}>
      <Flex justify="space-between" align="flex-start" gap="4" mb="4" wrap="wrap">
        <Stack gap="0.5" flex="1" minW="14rem">
          <Heading as="h2" textStyle="lg" fontWeight="600">
            {title}
          </Heading>
          {lead && (
            <Text color="fg.muted" textStyle="sm">
              {lead}
            </Text>
          )}
        </Stack>
        {action}
      </Flex>
      {children}
    </Box>
  );
}

/** Rows with lines between them, in one frame. */
export function Rows({ children, label }: { children: ReactNode; label: string }) {
  return (
    <Box
      role="list"
      aria-label={label}
      borderWidth="1px"
      borderRadius="l2"
      overflow="hidden"
      css={{ "& > * + *": { borderTopWidth: "1px" } }}
    >
      {children}
    </Box>
  );
}

interface RowProps {
  children: ReactNode;
  actions?: ReactNode;
  /** On a phone the actions stand below: the text is a sentence, not a name. */
  stacked?: boolean;
}

export function Row({ children, actions, stacked }: RowProps) {
  return (
    <Flex
      role="listitem"
      direction={{ base: stacked ? "column" : "row", md: "row" }}
      align={{ base: stacked ? "flex-start" : "center", md: "center" }}
      gap="3"
      minH="14"
      px="4"
      py="2"
    >
      <Box flex="1" minW="0">
        {children}
      </Box>
      {actions}
    </Flex>
  );
}
