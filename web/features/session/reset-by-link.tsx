import { Stack, Text } from "@chakra-ui/react";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { UsePasswordReset } from "#contract/people.ts";
import { Button } from "#ui/button.tsx";
import { PasswordField } from "#ui/fields/password-field.tsx";
import { rememberSession } from "#web/entities/session/session-query.ts";
import { api } from "#web/lib/api.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { useForm } from "#web/lib/use-form.ts";
import { AuthPage } from "./auth-page.tsx";
import { forgetLinkToken, useLinkToken } from "./link-token.ts";
import { PasswordRule } from "./password-rule.tsx";

const title = "Choose a new password";

/** The page of a link that an owner, or the operator of the server, has made for somebody who forgot the password. */
export function ResetByLink({ onReset }: { onReset: () => void }) {
  const token = useLinkToken();
  if (token === null || token.length < 20) {
    return <Gone text="The link is incomplete. Open it exactly as it was given to you, with the part after the #." />;
  }
  return <NewPassword token={token} onReset={onReset} />;
}

function NewPassword({ token, onReset }: { token: string; onReset: () => void }) {
  const queryClient = useQueryClient();
  const form = useForm({
    schema: UsePasswordReset,
    initial: { password: "" },
    toBody: ({ password }) => ({ token, password }),
    onSubmit: async (body) => {
      rememberSession(queryClient, await api("usePasswordReset", { body }));
      forgetLinkToken();
      onReset();
    },
  });
  if (form.error?.code === "link_expired" || form.error?.code === "not_found") {
    return <Gone text="It was used, replaced by a newer one, or is too old. Ask the person who gave it to you for another." />;
  }
  return (
    <AuthPage title={title} lead="You are signed in with it at once. Your sessions elsewhere end.">
      <form ref={form.form} onSubmit={form.submit} noValidate>
        <Stack gap="4">
          <PasswordField
            label="New password"
            name="password"
            autoComplete="new-password"
            autoFocus
            help={<PasswordRule password={form.values.password} />}
            value={form.values.password}
            onChange={(password) => form.set("password", password)}
            error={form.problem("password")}
          />
          <FormError error={form.error} shownAt={["password"]} />
          <Button tone="primary" size="md" type="submit" busy={form.busy} width="full">
            Save the new password
          </Button>
        </Stack>
      </form>
    </AuthPage>
  );
}

function Gone({ text }: { text: string }) {
  return (
    <AuthPage title="This link does not work">
      <Stack gap="4">
        <Text textStyle="sm">{text}</Text>
        <Button asChild>
          <Link to="/sign-in">Go to sign-in</Link>
        </Button>
      </Stack>
    </AuthPage>
  );
}
