import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { LoadError } from "#ui/load-error.tsx";
import { ClaimForm } from "#web/features/session/claim-form.tsx";
import { Door } from "#web/features/session/door.tsx";
import { SupabaseClaim } from "#web/features/session/supabase-claim.tsx";
import { sessionQuery } from "#web/lib/session-query.ts";
import { PagePending } from "../page-pending.tsx";

export function ClaimPage() {
  const navigate = useNavigate();
  const session = useQuery(sessionQuery);
  const onClaimed = () => navigate({ to: "/welcome", replace: true });
  if (session.isError) {
    return (
      <Door title="Make this Sluice yours">
        <LoadError error={session.error} onRetry={() => session.refetch()} retrying={session.isFetching} />
      </Door>
    );
  }
  if (!session.data) return <PagePending />;
  if (session.data.signIn.kind === "supabase") return <SupabaseClaim session={session.data} onClaimed={onClaimed} />;
  return <ClaimForm onClaimed={onClaimed} />;
}
