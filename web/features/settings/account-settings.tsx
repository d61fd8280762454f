import { Stack } from "@chakra-ui/react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ChangePassword } from "#contract/people.ts";
import { Button } from "#ui/button.tsx";
import { PasswordField } from "#ui/fields/password-field.tsx";
import { toast } from "#ui/toaster.tsx";
import { refreshSessions, sessionQuery } from "#web/entities/session/session-query.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { useForm } from "#web/lib/use-form.ts";
import { Section } from "./section.tsx";
import { SessionList } from "./session-list.tsx";
import { SupabaseAccount } from "./supabase-account.tsx";

export function AccountSettings() {
  const { user } = useSession();
  const session = useQuery(sessionQuery);
  if (session.data?.signIn.kind === "supabase") return <SupabaseAccount />;
  return (
    <>
      <Section title="Password" lead={`You sign in as ${user.email}.`}>
        <PasswordForm />
      </Section>
      <SessionList />
    </>
  );
}

function PasswordForm() {
  const queryClient = useQueryClient();
  const empty = { currentPassword: "", newPassword: "" };
  const form = useForm({
    schema: ChangePassword.refine((given) => given.currentPassword !== "", { path: ["currentPassword"], error: "Needed" }),
    initial: empty,
    onSubmit: async (body) => {
      await api("changePassword", { body });
      form.reset(empty);
      toast({ title: "Password changed", description: "Your other sessions were signed out.", status: "success" });
      await refreshSessions(queryClient);
    },
  });
  return (
    <form ref={form.form} onSubmit={form.submit} noValidate>
      <Stack gap="4" maxW="sm">
        <PasswordField
          label="Current password"
          autoComplete="current-password"
          value={form.values.currentPassword}
          onChange={(password) => form.set("currentPassword", password)}
          error={form.problem("currentPassword")}
        />
        <PasswordField
          label="New password"
          autoComplete="new-password"
          help="12 characters or more. Your other sessions are signed out."
          value={form.values.newPassword}
          onChange={(password) => form.set("newPassword", password)}
          error={form.problem("newPassword")}
        />
        <FormError error={form.error} shownAt={["currentPassword", "newPassword"]} />
        <div>
          <Button tone="primary" type="submit" busy={form.busy}>
            Change password
          </Button>
        </div>
      </Stack>
    </form>
  );
}
