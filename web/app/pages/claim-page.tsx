import { useNavigate } from "@tanstack/react-router";
import { ClaimForm } from "#web/features/session/claim-form.tsx";

export function ClaimPage() {
  const navigate = useNavigate();
  return <ClaimForm onClaimed={() => navigate({ to: "/welcome", replace: true })} />;
}
