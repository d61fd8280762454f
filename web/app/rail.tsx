import { Box, chakra, Flex } from "@chakra-ui/react";
import { Link, useNavigate } from "@tanstack/react-router";
import { PanelLeftClose, PanelLeftOpen, Search } from "lucide-react";
import { useState } from "react";
import { keep, recall } from "#ui/browser-memory.ts";
import { IconButton } from "#ui/icon-button.tsx";
import { isMac, Kbd, modKey } from "#ui/kbd.tsx";
import { Tooltip } from "#ui/tooltip.tsx";
import { openPalette } from "#web/features/command-palette/palette-state.ts";
import { UserMenu } from "#web/features/session/user-menu.tsx";
import { WorkspaceSwitcher } from "#web/features/workspaces/workspace-switcher.tsx";
import { CountMark } from "./count-mark.tsx";
import { places } from "./navigation.ts";
import { NoticeBell } from "./notice-bell.tsx";
import { type Mark, markedLabel, useMarks } from "./use-marks.ts";

const key = "sluice.rail";

export function Rail() {
  const [folded, setFolded] = useState(() => recall(key) === "folded");
  const navigate = useNavigate();
  const marks = useMarks();
  const fold = (next: boolean) => {
    setFolded(next);
    keep(key, next ? "folded" : "open");
  };
  return (
    <Flex
      as="nav"
      aria-label="Main"
      display={{ base: "none", md: "flex" }}
      direction="column"
      width={folded ? "14" : "56"}
      flexShrink={0}
      borderEndWidth="1px"
      bg="bg.canvas"
      p="2"
      gap="0.5"
      transition="width 150ms ease-out"
    >
      <Box mb="2">
        <WorkspaceSwitcher compact={folded} onSwitched={() => navigate({ to: "/contacts" })} />
      </Box>
      <SearchRow folded={folded} />
      <Box height="2" />
      {places.map((place) => (
        <RailLink key={place.to} place={place} folded={folded} mark={marks[place.to]} />
      ))}
      <Box flex="1" />
      <NoticeBell wide={!folded} />
      <UserMenu compact={folded} placement={folded ? "right-end" : "top-start"} />
      <Flex justify={folded ? "center" : "flex-end"} mt="1">
        <IconButton
          icon={folded ? PanelLeftOpen : PanelLeftClose}
          label={folded ? "Expand the menu" : "Collapse the menu"}
          tooltipPlacement="right"
          onClick={() => fold(!folded)}
        />
      </Flex>
    </Flex>
  );
}

const row = {
  display: "flex",
  alignItems: "center",
  gap: "2.5",
  h: "8",
  width: "full",
  borderRadius: "l2",
  textStyle: "sm",
  fontWeight: "500",
  color: "fg.muted",
  cursor: "pointer",
  focusVisibleRing: "inside",
  _hover: { bg: "bg.muted", color: "fg" },
} as const;

const ChakraLink = chakra(Link);

function RailLink({ place, folded, mark }: { place: (typeof places)[number]; folded: boolean; mark: Mark | undefined }) {
  const { to, label, icon: Icon } = place;
  const link = (
    <ChakraLink
      to={to}
      aria-label={folded || mark ? markedLabel(label, mark) : undefined}
      {...row}
      px={folded ? "0" : "2.5"}
      justifyContent={folded ? "center" : "flex-start"}
      // The router marks the link of the page one is on.
      css={{ "&[data-status=active], &[data-status=active]:hover": { bg: "bg.emphasized", color: "fg" } }}
    >
      <Box as="span" position="relative" flexShrink={0}>
        <Icon aria-hidden size={17} strokeWidth={1.9} />
        {folded && mark && <CountMark text="" dot />}
      </Box>
      {!folded && label}
      {!folded && mark && <CountMark text={mark.text} />}
    </ChakraLink>
  );
  return folded ? (
    <Tooltip content={markedLabel(label, mark)} placement="right">
      {link}
    </Tooltip>
  ) : (
    link
  );
}

function SearchRow({ folded }: { folded: boolean }) {
  if (folded) {
    return (
      <Flex justify="center">
        <IconButton icon={Search} label={`Find or do anything (${modKey} K)`} tooltipPlacement="right" onClick={openPalette} />
      </Flex>
    );
  }
  return (
    <chakra.button type="button" onClick={openPalette} {...row} px="2.5" borderWidth="1px" bg="bg.panel" fontWeight="400">
      <Search aria-hidden size={16} />
      <Box as="span" flex="1" textAlign="start">
        Find or do…
      </Box>
      <Kbd>{isMac ? "⌘K" : "Ctrl K"}</Kbd>
    </chakra.button>
  );
}
