import { useQuery } from "@tanstack/react-query";
import { Navigate, useNavigate } from "@tanstack/react-router";
import { Door } from "#web/features/session/door.tsx";
import { StartChoice } from "#web/features/workspaces/start-choice.tsx";
import { sessionQuery } from "#web/lib/session-query.ts";

export function WelcomePage() {
  const navigate = useNavigate();
  const session = useQuery(sessionQuery);
  if (session.data && !session.data.user) return <Navigate to="/sign-in" search={{}} replace />;
  const name = session.data?.user?.name.split(" ")[0];
  return (
    <Door title={name ? `Welcome, ${name}` : "Welcome"} lead="What would you like to begin with?" width="36rem">
      <StartChoice onEntered={() => navigate({ to: "/contacts", replace: true })} />
    </Door>
  );
}
