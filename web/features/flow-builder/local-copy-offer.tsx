import { Box, Flex } from "@chakra-ui/react";
import { useState } from "react";
import { Button } from "#ui/button.tsx";
import { formatExact } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { useSession } from "#web/entities/session/use-session.ts";
import { shelfOf } from "./draft/copy-shelf.ts";
import type { DraftStore } from "./draft/draft-store.ts";
import { useLocalCopy } from "./use-local-copy.ts";

/** Offers what was edited on this computer and never saved, because the page was closed or the connection was gone. */
export function LocalCopyOffer({ store, zone }: { store: DraftStore; zone: string }) {
  const { user } = useSession();
  const [shelf] = useState(() => shelfOf(user.id, store.getState().flowId));
  const { found, bringBack, throwAway } = useLocalCopy(store, shelf);
  if (!found) return null;
  return (
    <Box px={{ base: "3", md: "6" }} pt="2">
      <Notice
        status="warning"
        action={
          <Flex gap="2" wrap="wrap">
            <Button size="xs" onClick={bringBack}>
              Bring them back
            </Button>
            <Button size="xs" tone="ghost" onClick={throwAway}>
              Throw them away
            </Button>
          </Flex>
        }
      >
        {`Changes that you made on this computer until ${formatExact(new Date(found.at).toISOString(), zone)} were never saved.`}
      </Notice>
    </Box>
  );
}
