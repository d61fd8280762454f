import { Flex } from "@chakra-ui/react";
import { Link } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";

export function NotFoundPage() {
  return (
    <Flex flex="1" minH="60dvh" align="center" justify="center" bg="bg.panel">
      <EmptyState
        icon={Compass}
        title="There is no page at this address"
        action={
          <Button asChild tone="primary">
            <Link to="/contacts">Go to Contacts</Link>
          </Button>
        }
      >
        The link may be old, or a letter of it was lost.
      </EmptyState>
    </Flex>
  );
}
