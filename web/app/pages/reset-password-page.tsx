import { useNavigate } from "@tanstack/react-router";
import { ResetPassword } from "#web/features/session/reset-password.tsx";

export function ResetPasswordPage() {
  const navigate = useNavigate();
  return <ResetPassword onReset={() => navigate({ to: "/contacts", replace: true })} />;
}
