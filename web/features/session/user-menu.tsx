import { Box, chakra, VisuallyHidden } from "@chakra-ui/react";
import { useNavigate } from "@tanstack/react-router";
import { Keyboard, LogOut, Monitor, Moon, Sun, UserRound } from "lucide-react";
import { useColorMode } from "#ui/color-mode.tsx";
import { Initials } from "#ui/initials.tsx";
import { ActionMenu, type ActionMenuProps } from "#ui/menu.tsx";
import { toast } from "#ui/toaster.tsx";
import { useSession } from "#web/entities/session/use-session.ts";
import { isApiError } from "#web/lib/api-error.ts";
import { showShortcuts } from "#web/lib/shortcuts-help.ts";
import { useSignOut } from "./use-sign-out.ts";

interface UserMenuProps {
  compact: boolean;
  placement: ActionMenuProps["placement"];
}

const modes = [
  { value: "system", label: "Same as the system", icon: Monitor },
  { value: "light", label: "Light", icon: Sun },
  { value: "dark", label: "Dark", icon: Moon },
] as const;

export function UserMenu({ compact, placement }: UserMenuProps) {
  const { user } = useSession();
  const navigate = useNavigate();
  const { preference, setPreference } = useColorMode();
  const leave = useSignOut((error) => {
    if (!isApiError(error, "unauthenticated")) toast({ title: "You are still signed in", description: error.message, status: "error" });
  });
  return (
    <ActionMenu
      placement={placement}
      trigger={
        <chakra.button
          type="button"
          display="flex"
          alignItems="center"
          gap="2.5"
          minW="0"
          width={compact ? undefined : "full"}
          alignSelf={compact ? "center" : undefined}
          h="10"
          px="2"
          borderRadius="l2"
          cursor="pointer"
          _hover={{ bg: "bg.muted" }}
          _expanded={{ bg: "bg.muted" }}
          focusVisibleRing="inside"
        >
          <Initials name={user.name} />
          {compact ? (
            <VisuallyHidden>{user.name}</VisuallyHidden>
          ) : (
            <Box as="span" minW="0" textAlign="start" textStyle="sm" fontWeight="500" truncate>
              {user.name}
            </Box>
          )}
          {/* Part of the name and not in place of it: the words that are seen are the words to say to a voice control. */}
          <VisuallyHidden>: account, appearance, sign out</VisuallyHidden>
        </chakra.button>
      }
      items={[
        { heading: user.email },
        { label: "Account and sessions", icon: UserRound, onSelect: () => navigate({ to: "/settings/account" }) },
        { label: "Keyboard shortcuts", icon: Keyboard, shortcut: "?", onSelect: showShortcuts },
        "separator",
        { heading: "Appearance" },
        ...modes.map(({ value, label, icon }) => ({
          label,
          icon,
          checked: preference === value,
          oneOf: true,
          onSelect: () => setPreference(value),
        })),
        "separator",
        { label: "Sign out", icon: LogOut, onSelect: () => leave.mutate() },
      ]}
    />
  );
}
