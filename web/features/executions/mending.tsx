import { Link as ChakraLink, Text } from "@chakra-ui/react";
import { Link } from "@tanstack/react-router";
import type { Execution } from "#contract/executions.ts";
import type { Reason } from "#contract/reasons.ts";
import { placeToFix, reasonWords } from "#web/entities/executions/reason-words.ts";

interface MendingProps {
  reason: Reason;
  execution: Pick<Execution, "contactId" | "flowId" | "hasOwnGraph">;
}

/** Shows who can do something about a reason, with the way to the place where it is done. */
export function Mending({ reason, execution: { contactId, flowId, hasOwnGraph } }: MendingProps) {
  const place = placeToFix(reason);
  return (
    <Text as="span" color="fg.muted">
      {reasonWords(reason).mend}{" "}
      {place === "contact" && contactId !== null && (
        <ChakraLink asChild color="fg.link">
          <Link to="/contacts" search={{ contact: contactId }}>
            Open the contact
          </Link>
        </ChakraLink>
      )}
      {place === "flow" && !hasOwnGraph && (
        <ChakraLink asChild color="fg.link">
          <Link to="/flows/$flowId" params={{ flowId }} search={{ tab: "flow" }}>
            Open the flow
          </Link>
        </ChakraLink>
      )}
      {place === "channels" && (
        <ChakraLink asChild color="fg.link">
          <Link to="/settings/channels">Open the channels</Link>
        </ChakraLink>
      )}
    </Text>
  );
}
