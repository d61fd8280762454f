import { Box, chakra, Flex, Heading, Text } from "@chakra-ui/react";
import { Link } from "@tanstack/react-router";
import { Plus, Replace } from "lucide-react";
import type { LeadStatusUse } from "#contract/lead-statuses.ts";
import { Button } from "#ui/button.tsx";
import { plural } from "#ui/format.ts";
import { testText } from "#web/entities/contacts/filter-address.ts";
import { StatusDot } from "#web/entities/lead-statuses/lead-status-mark.tsx";
import { Row, Rows } from "./section.tsx";

const ChakraLink = chakra(Link, { base: { color: "fg.link", _hover: { textDecoration: "underline" } } });

interface UnlistedStatusesProps {
  uses: readonly LeadStatusUse[];
  mayAdd: boolean;
  onAdd: (name: string) => void;
  onReplace: (use: LeadStatusUse) => void;
}

/** Values that contacts have and that are not in the list, from an import or the API. They stay until somebody decides. */
export function UnlistedStatuses({ uses, mayAdd, onAdd, onReplace }: UnlistedStatusesProps) {
  const unlisted = uses.filter(({ statusId }) => statusId === null);
  if (unlisted.length === 0) return null;
  return (
    <Box>
      <Heading as="h3" textStyle="label" color="fg.muted" mb="1">
        Not in the list
      </Heading>
      <Text textStyle="sm" color="fg.muted" mb="2">
        Contacts have these values too, from an import, a flow or the API. Add a value to the list, or give its contacts a status of the
        list.
      </Text>
      <Rows label="Values that are not in the list">
        {unlisted.map((use) => {
          const { value, contacts } = use;
          return (
            <Row
              key={value}
              actions={
                mayAdd && (
                  <Flex gap="1">
                    <Button size="xs" icon={Plus} aria-label={`Add ${value} to the list`} onClick={() => onAdd(value)}>
                      Add
                    </Button>
                    <Button size="xs" icon={Replace} aria-label={`Replace ${value}`} onClick={() => onReplace(use)}>
                      Replace
                    </Button>
                  </Flex>
                )
              }
            >
              <Flex align="center" wrap="wrap" columnGap="2">
                <Text overflowWrap="anywhere">
                  <StatusDot color={null} />
                  {value}
                </Text>
                <ChakraLink
                  to="/contacts"
                  search={{ filter: testText({ field: "lead_status", operator: "is", value }) } as never}
                  textStyle="sm"
                >
                  {plural(contacts, "contact")}
                </ChakraLink>
              </Flex>
            </Row>
          );
        })}
      </Rows>
    </Box>
  );
}
