import { Box, Link as ChakraLink, Flex, Stack, Text } from "@chakra-ui/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { reasons } from "#contract/reasons.ts";
import type { Send } from "#contract/sends.ts";
import { Button } from "#ui/button.tsx";
import { plural } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { sendSkipsQuery } from "#web/entities/sends/send-queries.ts";

/** Lists the contacts that a send did not enroll, each with the reason. */
export function NotEnrolled({ send }: { send: Send }) {
  const list = useInfiniteQuery(sendSkipsQuery(send.id, send.notEnrolled));
  const skips = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="3">
      <Notice status={send.enrolled > 0 ? "warning" : "error"} title={`${plural(send.notEnrolled, "contact")} did not get this flow`}>
        {send.enrolled > 0 ? `It was sent to ${plural(send.enrolled, "contact")}.` : "It was sent to nobody."}{" "}
        <ChakraLink asChild color="fg.link">
          <Link to="/sends/$sendId" params={{ sendId: send.id }}>
            Open this send
          </Link>
        </ChakraLink>
      </Notice>
      {list.isPending && <SkeletonRows rows={Math.min(send.notEnrolled, 3)} columns={["40%", "45%"]} label="Loading who was left out" />}
      {list.isError && <LoadError error={list.error} title="The list could not be loaded" onRetry={() => void list.refetch()} />}
      {skips.length > 0 && (
        <Box borderWidth="1px" borderRadius="l2" maxHeight="52" overflowY="auto" tabIndex={0} role="group" aria-label="Contacts left out">
          <Box as="ul" listStyleType="none">
            {skips.map((skip) => (
              <Flex
                as="li"
                key={skip.contactId}
                justify="space-between"
                gap="3"
                px="3"
                py="1.5"
                borderBottomWidth="1px"
                borderColor="border.muted"
                textStyle="sm"
              >
                <Text as="span" truncate title={skip.contactName ?? undefined}>
                  {skip.contactName ?? "Deleted contact"}
                </Text>
                <Text as="span" color="fg.muted" textAlign="end">
                  {reasons[skip.reason].text}
                </Text>
              </Flex>
            ))}
          </Box>
          {list.hasNextPage && (
            <Flex justify="center" p="2">
              <Button size="xs" tone="ghost" onClick={() => void list.fetchNextPage()} busy={list.isFetchingNextPage}>
                Show more
              </Button>
            </Flex>
          )}
        </Box>
      )}
    </Stack>
  );
}
