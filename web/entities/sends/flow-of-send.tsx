import { Link as ChakraLink } from "@chakra-ui/react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

interface FlowOfSendProps {
  /** A send, or something of one. */
  of: { flowId: string; flowName: string; hasOwnGraph?: boolean | undefined };
  /** The words of the link, where they are not the flow's name. */
  children?: ReactNode;
}

/** Leads to the flow that a send follows. Where the send brought a graph of its own it says so, because the stored flow shows something else. */
export function FlowOfSend({ of: { flowId, flowName, hasOwnGraph = false }, children = flowName }: FlowOfSendProps) {
  if (hasOwnGraph) return `A flow of its own, not “${flowName}”`;
  return (
    <ChakraLink asChild textDecoration="underline">
      <Link to="/flows/$flowId" params={{ flowId }} search={{}}>
        {children}
      </Link>
    </ChakraLink>
  );
}
