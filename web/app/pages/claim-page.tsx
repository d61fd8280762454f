import { useNavigate } from "@tanstack/react-router";
import { ClaimForm } from "#web/features/session/claim-form.tsx";
import { SessionAwaited } from "#web/features/session/session-awaited.tsx";
import { SupabaseClaim } from "#web/features/session/supabase-claim.tsx";

export function ClaimPage() {
  const navigate = useNavigate();
  const onClaimed = () => navigate({ to: "/welcome", replace: true });
  return (
    <SessionAwaited title="Make this Sluice yours">
      {(session) =>
        session.signIn.kind === "supabase" ? <SupabaseClaim session={session} onClaimed={onClaimed} /> : <ClaimForm onClaimed={onClaimed} />
      }
    </SessionAwaited>
  );
}
