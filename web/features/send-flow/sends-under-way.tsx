import { Box, Flex, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { formatCount } from "#ui/format.ts";
import { ProgressBar } from "#ui/progress-bar.tsx";
import { enrollingSendsQuery } from "#web/entities/sends/send-queries.ts";
import { isScheduled } from "#web/entities/sends/send-state.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { useNow } from "#web/lib/use-now.ts";
import { dealtWith } from "./dealt-with.ts";

/** More of them would push the contacts off the page. */
const mostShown = 5;

/**
 * The sends that still enroll contacts, also those of other people and of tabs that were closed. One that was approved for later
 * enrolls nobody before its moment, so it is not among them.
 */
export function SendsUnderWay() {
  const sends = useQuery(enrollingSendsQuery);
  const { workspace } = useSession();
  const now = useNow();
  const shown = (sends.data ?? [])
    .map((send) => ({ ...send, isLater: isScheduled(send, now, workspace.timeZone) }))
    .filter((send) => !send.isLater || dealtWith(send) > 0)
    .slice(0, mostShown);
  if (shown.length === 0) return null;
  return (
    <Box as="section" aria-label="Sends under way" px={{ base: "4", md: "6" }} py="2" bg="bg.info" borderBottomWidth="1px">
      {shown.map((send) => (
        <Flex key={send.id} align="center" gap="3" minHeight="6" textStyle="sm">
          <Text truncate flexShrink="1" minWidth="0">
            {send.isLater ? "Scheduling" : "Sending"}{" "}
            <Link to="/sends/$sendId" params={{ sendId: send.id }} style={{ textDecoration: "underline", textUnderlineOffset: 3 }}>
              {send.flowName}
            </Link>
            {send.launchedByName ? ` (${send.launchedByName})` : ""}
          </Text>
          <Text as="span" fontVariantNumeric="tabular-nums" flexShrink="0" color="fg.muted">
            {formatCount(dealtWith(send))}/{formatCount(send.total)}
          </Text>
          <Box flex="1" maxWidth="48" minWidth="16">
            <ProgressBar value={dealtWith(send)} max={send.total} label={`${send.isLater ? "Scheduling" : "Sending"} ${send.flowName}`} />
          </Box>
        </Flex>
      ))}
    </Box>
  );
}
