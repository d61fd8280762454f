import { useNavigate } from "@tanstack/react-router";
import { InviteForm } from "#web/features/session/invite-form.tsx";

export function InvitePage() {
  const navigate = useNavigate();
  return <InviteForm onJoined={() => navigate({ to: "/contacts", replace: true })} />;
}
