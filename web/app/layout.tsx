import { Box, Flex, SkipNavContent, SkipNavLink } from "@chakra-ui/react";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useState } from "react";
import { useSession } from "#web/entities/session/use-session.ts";
import { DemoBanner } from "#web/features/workspaces/demo-banner.tsx";
import { BottomBar } from "./bottom-bar.tsx";
import { places } from "./navigation.ts";
import { OnceSettled } from "./once-settled.tsx";
import { PagePending } from "./page-pending.tsx";
import { Rail } from "./rail.tsx";
import { ReachabilityBanner } from "./reachability-banner.tsx";
import { TopBar } from "./top-bar.tsx";

// No page needs these for its first rows: they ask the server first and most of the time have nothing to say, or wait for a
// key. Their code comes after the rows, for on a slow line it would take the rows' place.
const KeyboardShortcuts = lazy(async () => ({
  default: (await import("#web/features/command-palette/keyboard-shortcuts.tsx")).KeyboardShortcuts,
}));
const BulkTray = lazy(async () => ({ default: (await import("#web/features/bulk-jobs/bulk-tray.tsx")).BulkTray }));
const SandboxBanner = lazy(async () => ({ default: (await import("./sandbox-banner.tsx")).SandboxBanner }));
const HeldBanner = lazy(async () => ({ default: (await import("./held-banner.tsx")).HeldBanner }));

/** The frame of every page: the rail at the left, or on a phone a bar above and one below. */
export function Layout() {
  const { workspace } = useSession();
  const navigate = useNavigate();
  const [isSettled, setSettled] = useState(false);
  const settle = useCallback(() => setSettled(true), []);
  return (
    <Flex direction={{ base: "column", md: "row" }} h="100dvh" bg="bg.canvas" overflow="hidden">
      <SkipNavLink>Skip to the page</SkipNavLink>
      <Rail />
      <TopBar />
      <Flex direction="column" flex="1" minW="0" minH="0">
        <ReachabilityBanner />
        {isSettled && (
          <Suspense>
            <HeldBanner />
            {workspace.sandbox && <SandboxBanner />}
          </Suspense>
        )}
        <DemoBanner />
        <SkipNavContent asChild>
          <Box as="main" display="flex" flexDirection="column" flex="1" minH="0" minW="0" outline="none">
            {/* Another workspace is another page: nothing of the one before may linger in a component's state. */}
            <Suspense key={workspace.id} fallback={<PagePending />}>
              <Outlet />
              {!isSettled && <OnceSettled onSettled={settle} />}
            </Suspense>
          </Box>
        </SkipNavContent>
        {isSettled && (
          <Suspense>
            <BulkTray key={workspace.id} onDetails={(job) => navigate({ to: "/settings/bulk-changes", search: { job } })} />
          </Suspense>
        )}
      </Flex>
      <BottomBar />
      {isSettled && (
        <Suspense>
          <KeyboardShortcuts places={places} onGo={(to) => navigate({ to })} />
        </Suspense>
      )}
    </Flex>
  );
}
