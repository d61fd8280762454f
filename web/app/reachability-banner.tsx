import { Flex, Icon } from "@chakra-ui/react";
import { useQueryClient } from "@tanstack/react-query";
import { CloudOff } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { Button } from "#ui/button.tsx";
import { api } from "#web/lib/api.ts";
import { reportReachable, useReachable } from "#web/lib/reachability.ts";

const checkEvery = 4000;

/** Tells that the server does not answer, and disappears when it answers again. */
export function ReachabilityBanner() {
  const reachable = useReachable();
  const queryClient = useQueryClient();
  const [checking, setChecking] = useState(false);
  const check = useCallback(async () => {
    setChecking(true);
    try {
      await api("health");
      reportReachable(true);
      await queryClient.invalidateQueries();
    } catch {
      // The server still does not answer, and the banner says so already.
    } finally {
      setChecking(false);
    }
  }, [queryClient]);
  useEffect(() => {
    if (reachable) return;
    const timer = setInterval(check, checkEvery);
    return () => clearInterval(timer);
  }, [reachable, check]);

  if (reachable) return null;
  return (
    <Flex
      role="alert"
      align="center"
      gap="2.5"
      px={{ base: "4", md: "6" }}
      minH="10"
      py="1"
      bg="bg.error"
      borderBottomWidth="1px"
      textStyle="sm"
      flexShrink={0}
    >
      <Icon boxSize="4" color="fg.error" flexShrink={0}>
        <CloudOff aria-hidden />
      </Icon>
      <span style={{ flex: 1 }}>The server does not answer. What is running goes on; this page shows what it knew last.</span>
      <Button size="xs" onClick={check} busy={checking}>
        Retry
      </Button>
    </Flex>
  );
}
