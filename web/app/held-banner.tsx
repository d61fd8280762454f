import { Flex, Icon, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ShieldAlert } from "lucide-react";
import { useState } from "react";
import { Button } from "#ui/button.tsx";
import { lazyLater } from "#ui/lazy-later.ts";
import { OnceOpened } from "#ui/once-opened.tsx";
import { toast } from "#ui/toaster.tsx";
import { instanceQuery } from "#web/entities/instance/instance-query.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";

const ConfirmDialog = lazyLater(async () => (await import("#ui/confirm-dialog.tsx")).ConfirmDialog);

/** Tells on every page that this instance is a restored copy and sends nothing until an instance admin releases it. */
export function HeldBanner() {
  const { instance: rights } = useSession();
  const [asking, setAsking] = useState(false);
  const queryClient = useQueryClient();
  const instance = useQuery(instanceQuery);
  const release = useMutation({
    mutationFn: () => api("releaseSending"),
    onSuccess: (now) => {
      queryClient.setQueryData(instanceQuery.queryKey, now);
      toast({ title: "Sending goes on", status: "success" });
    },
    onError: (error) => toast({ title: "Sending is still held", description: error.message, status: "error" }),
    onSettled: () => setAsking(false),
  });
  if (!instance.data?.sendingHeldSince) return null;
  return (
    <Flex
      role="alert"
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
        This looks like a restored copy of this Sluice, so nothing is sent.{" "}
        {rights.isAdmin ? "Pause or stop what must not leave again, then let it send." : "An admin of this instance can let it send."}
      </Text>
      {rights.isAdmin && (
        <Button size="xs" onClick={() => setAsking(true)}>
          Let it send
        </Button>
      )}
      <OnceOpened open={asking}>
        <ConfirmDialog
          open={asking}
          onClose={() => setAsking(false)}
          onConfirm={() => release.mutate()}
          busy={release.isPending}
          title="Let this copy send?"
          confirmLabel="Let it send"
        >
          Do this only if the original has stopped. Messages that are recorded here as sent do not leave again. What the original sent after
          this copy was made is not recorded here, and leaves again unless you pause or stop those sends first.
        </ConfirmDialog>
      </OnceOpened>
    </Flex>
  );
}
