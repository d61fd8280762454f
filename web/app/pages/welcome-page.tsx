import { useNavigate } from "@tanstack/react-router";
import type { SessionAnswer } from "#web/entities/session/session-query.ts";
import { AuthPage } from "#web/features/session/auth-page.tsx";
import { NotInvited } from "#web/features/session/not-invited.tsx";
import { RedirectOnce } from "#web/features/session/redirect-once.tsx";
import { SessionAwaited } from "#web/features/session/session-awaited.tsx";
import { StartChoice } from "#web/features/workspaces/start-choice.tsx";

export function WelcomePage() {
  return <SessionAwaited title="Welcome">{(session) => <Welcome session={session} />}</SessionAwaited>;
}

function Welcome({ session: { user, workspaces, mayCreateWorkspaces } }: { session: SessionAnswer }) {
  const navigate = useNavigate();
  if (!user) return <RedirectOnce to="/sign-in" />;
  if (workspaces.length === 0 && !mayCreateWorkspaces) return <NotInvited email={user.email} />;
  const name = user.name.split(" ")[0];
  return (
    <AuthPage title={name ? `Welcome, ${name}` : "Welcome"} lead="What would you like to begin with?" width="36rem">
      <StartChoice onEntered={() => navigate({ to: "/contacts", replace: true })} />
    </AuthPage>
  );
}
