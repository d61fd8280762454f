import { Box, chakra, Flex, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { MailOpen, MousePointerClick } from "lucide-react";
import type { SendClicks as Clicks } from "#contract/link-tracking.ts";
import { Button } from "#ui/button.tsx";
import { formatCount, plural } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { sendClicksQuery } from "#web/entities/sends/send-clicks-query.ts";

/** Shows who of a send clicked and opened, where that is noted or was. It shows nothing where it is not. */
export function SendClicks({ sendId }: { sendId: string }) {
  const clicks = useQuery(sendClicksQuery(sendId));
  if (clicks.isError && !clicks.data) {
    return (
      <Box px={{ base: "4", md: "6" }} py="2" borderBottomWidth="1px">
        <Notice
          status="error"
          title="Clicks could not be loaded"
          action={
            <Button size="sm" busy={clicks.isFetching} onClick={() => void clicks.refetch()}>
              Try again
            </Button>
          }
        >
          {clicks.error.message}
        </Notice>
      </Box>
    );
  }
  if (!clicks.data || !saysAnything(clicks.data)) return null;
  const { clicked, opened, onlyPrograms, links, tracksClicks, tracksOpens } = clicks.data;
  return (
    <Box
      as="section"
      aria-label="Clicks and opens"
      px={{ base: "4", md: "6" }}
      py="2.5"
      borderBottomWidth="1px"
      display="grid"
      gap="1.5"
      textStyle="sm"
      fontVariantNumeric="tabular-nums"
    >
      <Flex gap="4" rowGap="1" wrap="wrap" align="center">
        {(tracksClicks || clicked > 0 || onlyPrograms > 0) && (
          <Flex as="span" gap="1.5" align="center">
            <MousePointerClick aria-hidden size={14} />
            Clicked: <strong>{formatCount(clicked)}</strong>
          </Flex>
        )}
        {(tracksOpens || opened > 0) && (
          <Flex as="span" gap="1.5" align="center" color="fg.muted">
            <MailOpen aria-hidden size={14} />
            Opened: {formatCount(opened)} (unreliable)
          </Flex>
        )}
        {onlyPrograms > 0 && <Text color="fg.muted">{plural(onlyPrograms, "link")} followed by programs only</Text>}
      </Flex>
      {links.length > 0 && (
        <chakra.details>
          <chakra.summary cursor="pointer" color="fg.muted">
            Most clicked links
          </chakra.summary>
          <chakra.ol listStyleType="none" display="grid" gap="0.5" mt="1" maxH="40" overflowY="auto">
            {links.map(({ url, contacts }) => (
              <Flex as="li" key={url} gap="2">
                <Text flexShrink={0}>{plural(contacts, "contact")}</Text>
                <Text minW="0" truncate title={url} color="fg.muted">
                  {url}
                </Text>
              </Flex>
            ))}
          </chakra.ol>
        </chakra.details>
      )}
    </Box>
  );
}

const saysAnything = ({ tracksClicks, tracksOpens, clicked, opened, onlyPrograms }: Clicks): boolean =>
  tracksClicks || tracksOpens || clicked + opened + onlyPrograms > 0;
