import { Box, Flex, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import type { Contact, ContactTwin } from "#contract/contacts.ts";
import { Button } from "#ui/button.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { twinsQuery } from "#web/entities/contacts/contact-queries.ts";
import type { ContactDraft } from "./contact-form.ts";

interface TwinNoticeProps {
  draft: ContactDraft;
  busy: boolean;
  onOpen: (twin: Contact) => void;
  onAddAnyway: () => void;
}

/** Shows, before anything is saved, which contacts already have the number or the address of the new one. */
export function TwinNotice({ draft, busy, onOpen, onAddAnyway }: TwinNoticeProps) {
  const twins = useQuery(twinsQuery(draft));
  return (
    <Notice status="warning" title="This may be somebody you have already">
      <Stack gap="2" mt="1">
        {twins.isError ? (
          <LoadError error={twins.error} title="The contacts could not be loaded" onRetry={() => void twins.refetch()} />
        ) : twins.isPending ? (
          <SkeletonRows rows={1} columns={["60%"]} label="Loading the contact" />
        ) : (
          <Stack as="ul" gap="2" listStyleType="none">
            {twins.data.items.slice(0, shown).map(({ contact, same }) => (
              <Flex as="li" key={contact.id} gap="3" justify="space-between" align="center" wrap="wrap">
                <Box minWidth="0" flex="1">
                  <Text fontWeight="medium">{contact.displayName}</Text>
                  <Text textStyle="xs" color="fg.muted">
                    {sameWords(same)} · {[contact.phoneE164 ?? contact.phoneNumber, contact.email].filter(Boolean).join(" · ")}
                  </Text>
                </Box>
                <Button size="xs" disabled={busy} onClick={() => onOpen(contact)}>
                  Open {contact.displayName}
                </Button>
              </Flex>
            ))}
          </Stack>
        )}
        <Box>
          <Button size="xs" busy={busy} onClick={onAddAnyway}>
            Add as another person
          </Button>
        </Box>
      </Stack>
    </Notice>
  );
}

const shown = 5;

function sameWords(same: ContactTwin["same"]): string {
  if (same.length === 2) return "The same number and address";
  return same[0] === "email" ? "The same address" : "The same number";
}
