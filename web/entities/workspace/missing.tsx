import { useQuery } from "@tanstack/react-query";
import { Building2 } from "lucide-react";
import type { PlaceKind } from "#contract/people.ts";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { LoadError, type LoadErrorProps } from "#ui/load-error.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import { isApiError } from "#web/lib/api-error.ts";
import { useEnterWorkspace } from "./enter-workspace.ts";

interface MissingProps extends LoadErrorProps {
  kind: PlaceKind;
  id: string;
}

const nouns: Record<PlaceKind, string> = {
  contact: "contact",
  flow: "flow",
  send: "send",
  execution: "enrollment",
  message: "message",
};

/**
 * Something that an address leads to could not be loaded. Where it is in another workspace of the person, which is common
 * with links that colleagues pass on, it offers to go there.
 */
export function Missing({ kind, id, ...failure }: MissingProps) {
  const { workspace, workspaces } = useSession();
  const enter = useEnterWorkspace(() => {});
  const mayBeElsewhere = isApiError(failure.error) && failure.error.status === 404 && workspaces.length > 1;
  const whereabouts = useQuery({
    queryKey: ["whereabouts", kind, id],
    queryFn: ({ signal }) => api("findWhereabouts", { query: { kind, id }, signal }),
    enabled: mayBeElsewhere,
    retry: false,
  });
  const place = workspaces.find((one) => one.id === whereabouts.data?.workspaceId && one.id !== workspace.id);
  if (mayBeElsewhere && whereabouts.isPending) return <SkeletonRows label="Looking in your other workspaces" />;
  if (!place) return <LoadError {...failure} />;
  return (
    <EmptyState
      icon={Building2}
      title={`This ${nouns[kind]} is in another workspace`}
      action={
        <Button tone="primary" onClick={() => void enter(place)}>
          Switch to {place.name}
        </Button>
      }
    >
      It belongs to “{place.name}”. You are working in “{workspace.name}”.
    </EmptyState>
  );
}
