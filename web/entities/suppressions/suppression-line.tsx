import { Box, Flex, Text } from "@chakra-ui/react";
import { useState } from "react";
import { type Suppression, sourceText, suppressionText } from "#contract/suppressions.ts";
import { Button } from "#ui/button.tsx";
import { momentWords, zoneName } from "#ui/format.ts";
import { RelativeTime, useZone } from "#ui/relative-time.tsx";
import { useSession } from "#web/entities/session/use-session.ts";
import { LiftDialog } from "./lift-dialog.tsx";

/** Why nothing is sent to an address, since when, in whose words; for admins the way to allow it again, where there is one. */
export function SuppressionLine({ suppression }: { suppression: Suppression }) {
  const { can } = useSession();
  const [lifting, setLifting] = useState(false);
  const { channel, address, reason, source, detail, createdAt, decideBy, mayLift } = suppression;
  const zone = useZone() ?? "UTC";
  return (
    <Flex gap="3" align="flex-start" justify="space-between" wrap="wrap" minWidth="0">
      <Box textStyle="sm" minWidth="0" flex="1 1 12rem" overflowWrap="anywhere">
        <Text fontWeight="500">{address}</Text>
        <Text>{suppressionText(suppression)}</Text>
        {detail && <Text color="fg.muted">“{detail.trim()}”</Text>}
        <Text color="fg.muted" textStyle="xs">
          On the list <RelativeTime at={createdAt} />
          {source !== "decided" && source !== "undecided" && `, from ${sourceText(source)}`}
          {!mayLift && `. Only the recipient can take it back${channel === "sms" && reason === "stop" ? ", by answering START" : ""}.`}
          {decideBy && `. Counts as STOP after ${momentWords(decideBy, Date.now(), zone)} (${zoneName(zone)}), if nobody decides before.`}
        </Text>
      </Box>
      {can("admin") && mayLift && (
        <Button size="xs" onClick={() => setLifting(true)} aria-label={`Allow again: ${address}`}>
          Allow again
        </Button>
      )}
      {lifting && <LiftDialog suppression={suppression} open onClose={() => setLifting(false)} />}
    </Flex>
  );
}
