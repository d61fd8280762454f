import { Box, Flex } from "@chakra-ui/react";
import { useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { IconButton } from "#ui/icon-button.tsx";
import { openPalette } from "#web/features/command-palette/palette-state.ts";
import { UserMenu } from "#web/features/session/user-menu.tsx";
import { WorkspaceSwitcher } from "#web/features/workspaces/workspace-switcher.tsx";
import { NoticeBell } from "./notice-bell.tsx";

/** On a phone, the workspace switcher, search and user menu, which the rail holds on a wide screen. */
export function TopBar() {
  const navigate = useNavigate();
  return (
    <Flex
      as="header"
      display={{ base: "flex", md: "none" }}
      align="center"
      gap="1"
      h="12"
      px="2"
      flexShrink={0}
      borderBottomWidth="1px"
      bg="bg.canvas"
    >
      <Box minW="0" flex="1">
        <WorkspaceSwitcher compact={false} onSwitched={() => navigate({ to: "/contacts" })} />
      </Box>
      <IconButton icon={Search} label="Find or do anything" tooltip="title" size="md" onClick={openPalette} />
      <NoticeBell wide={false} />
      <UserMenu compact placement="bottom-end" />
    </Flex>
  );
}
