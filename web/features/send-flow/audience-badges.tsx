import { Badge, Box, Flex, Text } from "@chakra-ui/react";
import { formatCount } from "#ui/format.ts";
import type { Audience } from "./audience.ts";

const shownByName = 3;

/** Names the first three contacts of a send and counts the others, or describes the filter in words. */
export function AudienceBadges({ audience: { total, names, words } }: { audience: Audience }) {
  const named = names.slice(0, shownByName);
  return (
    <Box>
      <Text fontWeight="medium" textStyle="sm" mb="1.5">
        Selected Contacts ({formatCount(total)}):
      </Text>
      {words === null ? (
        <Flex gap="1.5" wrap="wrap">
          {named.map((name, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two people may have one name.
            <Badge key={index} size="md" colorPalette="accent" variant="subtle" maxWidth="48">
              <Box as="span" truncate title={name}>
                {name}
              </Box>
            </Badge>
          ))}
          {total > named.length && (
            <Badge size="md" variant="subtle" bg="bg.muted" color="fg.muted">
              +{formatCount(total - named.length)} more
            </Badge>
          )}
        </Flex>
      ) : (
        <Text textStyle="sm" color="fg.muted" overflowWrap="anywhere">
          {words}
        </Text>
      )}
    </Box>
  );
}
