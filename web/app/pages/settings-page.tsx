import { Box, chakra, Flex } from "@chakra-ui/react";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { useRef } from "react";
import { Page } from "#ui/page.tsx";
import { useActiveInView } from "#ui/use-active-in-view.ts";
import { useSession } from "#web/entities/session/use-session.ts";

const ChakraLink = chakra(Link);

export function SettingsPage() {
  const { can, instance } = useSession();
  const row = useRef<HTMLDivElement>(null);
  const { pathname } = useLocation();
  useActiveInView(row, "[data-status=active]", pathname);
  const sections = [
    { to: "/settings/workspace", label: "Workspace" },
    { to: "/settings/channels", label: "Channels" },
    { to: "/settings/suppressions", label: "Suppression list" },
    { to: "/settings/lead-statuses", label: "Lead statuses" },
    { to: "/settings/bulk-changes", label: "Bulk changes" },
    { to: "/settings/members", label: "Members" },
    ...(can("admin")
      ? ([
          { to: "/settings/api-keys", label: "API keys" },
          { to: "/settings/secrets", label: "Secrets" },
          { to: "/settings/audit-log", label: "Audit log" },
        ] as const)
      : []),
    { to: "/settings/account", label: "Account" },
    ...(instance.isAdmin ? [{ to: "/settings/instance", label: "Instance" } as const] : []),
  ] as const;
  return (
    <Page title="Settings">
      <Flex
        direction={{ base: "column", md: "row" }}
        px={{ base: "4", md: "6" }}
        py={{ base: "3", md: "6" }}
        gap={{ base: "5", md: "10" }}
        flexShrink={0}
      >
        <Flex
          ref={row}
          as="nav"
          aria-label="Settings"
          direction={{ base: "row", md: "column" }}
          gap="0.5"
          width={{ base: "full", md: "40" }}
          flexShrink={0}
          overflowX="auto"
          position={{ md: "sticky" }}
          top={{ md: "6" }}
          alignSelf="flex-start"
        >
          {sections.map((section) => (
            <ChakraLink
              key={section.to}
              to={section.to}
              display="flex"
              alignItems="center"
              h="8"
              px="2.5"
              borderRadius="l2"
              textStyle="sm"
              fontWeight="500"
              whiteSpace="nowrap"
              color="fg.muted"
              focusVisibleRing="inside"
              _hover={{ bg: "bg.subtle", color: "fg" }}
              css={{ "&[data-status=active], &[data-status=active]:hover": { bg: "bg.muted", color: "fg" } }}
            >
              {section.label}
            </ChakraLink>
          ))}
        </Flex>
        <Box flex="1" minW="0" maxW="42rem">
          <Outlet />
        </Box>
      </Flex>
    </Page>
  );
}
