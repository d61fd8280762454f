import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Door } from "#web/features/session/door.tsx";
import { LeadTo } from "#web/features/session/lead-to.tsx";
import { NotInvited } from "#web/features/session/not-invited.tsx";
import { StartChoice } from "#web/features/workspaces/start-choice.tsx";
import { sessionQuery } from "#web/lib/session-query.ts";

export function WelcomePage() {
  const navigate = useNavigate();
  const session = useQuery(sessionQuery);
  if (session.data && !session.data.user) return <LeadTo to="/sign-in" />;
  if (session.data?.signIn.kind === "supabase" && session.data.user && session.data.workspaces.length === 0) {
    return <NotInvited email={session.data.user.email} />;
  }
  const name = session.data?.user?.name.split(" ")[0];
  return (
    <Door title={name ? `Welcome, ${name}` : "Welcome"} lead="What would you like to begin with?" width="36rem">
      <StartChoice onEntered={() => navigate({ to: "/contacts", replace: true })} />
    </Door>
  );
}
