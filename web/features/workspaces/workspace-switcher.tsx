import { Box, chakra, Flex } from "@chakra-ui/react";
import { useMutation } from "@tanstack/react-query";
import { ChevronsUpDown, FlaskConical, Plus } from "lucide-react";
import { useState } from "react";
import { lazyLater } from "#ui/lazy-later.ts";
import { ActionMenu } from "#ui/menu.tsx";
import { OnceOpened } from "#ui/once-opened.tsx";
import { toast } from "#ui/toaster.tsx";
import { Mark } from "#ui/wordmark.tsx";
import { useSession } from "#web/entities/session/use-session.ts";
import { useEnterWorkspace } from "#web/entities/workspace/enter-workspace.ts";
import { api } from "#web/lib/api.ts";

const CreateWorkspaceDialog = lazyLater(async () => (await import("./create-workspace-dialog.tsx")).CreateWorkspaceDialog);

interface WorkspaceSwitcherProps {
  /** Only the mark: the rail is folded. */
  compact: boolean;
  onSwitched: () => void;
}

export function WorkspaceSwitcher({ compact, onSwitched }: WorkspaceSwitcherProps) {
  const { workspace, workspaces, instance } = useSession();
  const [creating, setCreating] = useState(false);
  const enter = useEnterWorkspace(onSwitched);
  const demo = useMutation({
    mutationFn: () => api("createDemoWorkspace"),
    onMutate: () =>
      toast({
        id: "demo",
        title: "Loading the demo workspace…",
        description: "10,000 contacts, three flows.",
        status: "info",
        duration: 60_000,
      }),
    onSuccess: async (created) => {
      await enter(created);
      toast({ id: "demo", title: "The demo workspace is ready", status: "success" });
    },
    onError: (error) => toast({ id: "demo", title: "The demo workspace could not be loaded", description: error.message, status: "error" }),
  });
  return (
    <>
      <ActionMenu
        placement="bottom-start"
        trigger={
          <chakra.button
            type="button"
            aria-label={`Workspace ${workspace.name}: switch`}
            title={compact ? workspace.name : undefined}
            display="flex"
            alignItems="center"
            gap="2.5"
            width="full"
            minW="0"
            h="10"
            px={compact ? "0" : "2"}
            justifyContent={compact ? "center" : "flex-start"}
            borderRadius="l2"
            cursor="pointer"
            _hover={{ bg: "bg.muted" }}
            _expanded={{ bg: "bg.muted" }}
            focusVisibleRing="inside"
          >
            <Mark size={24} />
            {!compact && (
              <>
                <Box as="span" flex="1" minW="0" textAlign="start" fontWeight="600" truncate>
                  {workspace.name}
                </Box>
                <Flex as="span" color="fg.subtle" flexShrink={0}>
                  <ChevronsUpDown aria-hidden size={14} />
                </Flex>
              </>
            )}
          </chakra.button>
        }
        items={[
          { heading: "Workspaces" },
          ...workspaces.map((one) => ({
            label: one.name,
            checked: one.id === workspace.id,
            oneOf: true,
            onSelect: () => {
              if (one.id !== workspace.id) void enter(one);
            },
          })),
          ...(instance.mayCreateWorkspaces
            ? ["separator" as const, { label: "New workspace…", icon: Plus, onSelect: () => setCreating(true) }]
            : []),
          ...(instance.mayCreateWorkspaces && !workspaces.some((one) => one.isDemo)
            ? [{ label: "Load the demo workspace", icon: FlaskConical, disabled: demo.isPending, onSelect: () => demo.mutate() }]
            : []),
        ]}
      />
      <OnceOpened open={creating}>
        <CreateWorkspaceDialog open={creating} onClose={() => setCreating(false)} onCreated={enter} />
      </OnceOpened>
    </>
  );
}
