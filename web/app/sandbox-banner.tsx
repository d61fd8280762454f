import { Flex, Icon, Text } from "@chakra-ui/react";
import { ShieldAlert } from "lucide-react";
import { useSession } from "#web/entities/session/use-session.ts";

/** Tells on every page that the workspace writes to a few addresses only. */
export function SandboxBanner() {
  const { workspace } = useSession();
  if (!workspace.sandbox) return null;
  return (
    <Flex
      role="status"
      align="center"
      gap="2.5"
      px={{ base: "4", md: "6" }}
      minH="10"
      py="1.5"
      bg="bg.warning"
      borderBottomWidth="1px"
      textStyle="sm"
      flexShrink={0}
    >
      <Icon boxSize="4" color="fg.warning" flexShrink={0}>
        <ShieldAlert aria-hidden />
      </Icon>
      <Text as="span" flex="1">
        Sandbox: messages leave to the allowed addresses only, and everybody else is skipped. Admins change this in Settings, Channels.
      </Text>
    </Flex>
  );
}
