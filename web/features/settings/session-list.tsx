import { Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "#ui/button.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { toast } from "#ui/toaster.tsx";
import { refreshSessions, sessionsQuery } from "#web/entities/session/session-query.ts";
import { api } from "#web/lib/api.ts";
import { describeBrowser } from "./describe-browser.ts";
import { Row, Rows, Section } from "./section.tsx";

export function SessionList() {
  const sessions = useQuery(sessionsQuery);
  const queryClient = useQueryClient();
  const revoke = useMutation({
    mutationFn: (id: string) => api("revokeSession", { params: { id } }),
    onSuccess: () => toast({ title: "That session was signed out", status: "success" }),
    onError: (error) => toast({ title: "The session was not signed out", description: error.message, status: "error" }),
    onSettled: () => refreshSessions(queryClient),
  });
  return (
    <Section title="Sessions" lead="Where you are signed in. Sign out what you do not recognise, then change your password.">
      {sessions.isError ? (
        <LoadError error={sessions.error} onRetry={() => sessions.refetch()} retrying={sessions.isFetching} />
      ) : !sessions.data ? (
        <SkeletonRows rows={2} columns={["40%"]} rowHeight="14" />
      ) : (
        <Rows label="Sessions">
          {sessions.data.items.map((session) => (
            <Row
              key={session.id}
              actions={
                session.current ? (
                  <Text textStyle="sm" color="fg.success" flexShrink={0}>
                    This one
                  </Text>
                ) : (
                  <Button
                    size="xs"
                    busy={revoke.isPending && revoke.variables === session.id}
                    onClick={() => revoke.mutate(session.id)}
                    aria-label={`Sign out ${describeBrowser(session.userAgent)}`}
                  >
                    Sign out
                  </Button>
                )
              }
            >
              <Text textStyle="sm" fontWeight="medium" truncate title={session.userAgent ?? undefined}>
                {describeBrowser(session.userAgent)}
              </Text>
              <Text textStyle="xs" color="fg.muted">
                Signed in <RelativeTime at={session.createdAt} /> · ends <RelativeTime at={session.expiresAt} />
              </Text>
            </Row>
          ))}
        </Rows>
      )}
    </Section>
  );
}
