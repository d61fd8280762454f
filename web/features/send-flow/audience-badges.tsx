import { Badge, Box, Flex, Text } from "@chakra-ui/react";
import { Link } from "@tanstack/react-router";
import { formatCount } from "#ui/format.ts";
import type { Audience } from "./audience.ts";

const shownByName = 3;

/** Names the first three contacts of a send and counts the others, or describes the filter in words. */
export function AudienceBadges({ audience: { selection, total, names, words } }: { audience: Audience }) {
  const named = names.slice(0, shownByName);
  // Contacts that were picked are named in the order of their ids.
  const ids = selection.type === "ids" ? selection.ids : [];
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
                <Named contactId={ids[index]} name={name} />
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

const Named = ({ contactId, name }: { contactId: string | undefined; name: string }) =>
  contactId === undefined ? name : <History contactId={contactId} name={name} />;

/** Leads to what the contact went through and what is planned, beside the dialog, so that nothing entered there is lost. */
function History({ contactId, name }: { contactId: string; name: string }) {
  return (
    <Link
      to="/contacts/$contactId"
      params={{ contactId }}
      search={{}}
      target="_blank"
      aria-label={`${name}: what happened and what is planned, in a new tab`}
    >
      {name}
    </Link>
  );
}
