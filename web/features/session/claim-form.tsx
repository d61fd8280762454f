import { Stack } from "@chakra-ui/react";
import { useQueryClient } from "@tanstack/react-query";
import { Claim } from "#contract/people.ts";
import { Button } from "#ui/button.tsx";
import { PasswordField } from "#ui/fields/password-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { rememberSession } from "#web/entities/session/session-query.ts";
import { api } from "#web/lib/api.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { useForm } from "#web/lib/use-form.ts";
import { AuthPage } from "./auth-page.tsx";
import { ClaimLinkExpired, ClaimLinkMissing, ClaimLinkUsed } from "./claim-link-states.tsx";
import { forgetLinkToken, useLinkToken } from "./link-token.ts";
import { PasswordRule } from "./password-rule.tsx";

/** The form with which the holder of the console's link becomes the first owner. It works once. */
export function ClaimForm({ onClaimed }: { onClaimed: () => void }) {
  const token = useLinkToken();
  const queryClient = useQueryClient();
  const form = useForm({
    schema: Claim,
    initial: { name: "", email: "", password: "" },
    toBody: (values) => ({ ...values, token: token ?? "" }),
    onSubmit: async (body) => {
      rememberSession(queryClient, await api("claim", { body }));
      forgetLinkToken();
      onClaimed();
    },
  });

  if (token === null || form.problem("token")) return <ClaimLinkMissing />;
  if (form.error?.code === "already_claimed") return <ClaimLinkUsed />;
  if (form.error?.code === "link_expired") return <ClaimLinkExpired />;

  return (
    <AuthPage
      title="Make this Sluice yours"
      lead="You become its owner. Everything stays on this machine; there is no other account to make."
    >
      <form ref={form.form} onSubmit={form.submit} noValidate>
        <Stack gap="4">
          <TextField
            label="Your name"
            name="name"
            autoComplete="name"
            autoFocus
            value={form.values.name}
            onChange={(name) => form.set("name", name)}
            error={form.problem("name")}
          />
          <TextField
            label="E-mail"
            type="email"
            name="email"
            autoComplete="username"
            help="You sign in with it."
            value={form.values.email}
            onChange={(email) => form.set("email", email)}
            error={form.problem("email")}
          />
          <PasswordField
            label="Password"
            name="password"
            autoComplete="new-password"
            value={form.values.password}
            onChange={(password) => form.set("password", password)}
            error={form.problem("password")}
            help={!form.problem("password") && <PasswordRule password={form.values.password} />}
          />
          <FormError error={form.error} shownAt={["name", "email", "password"]} />
          <Button tone="primary" size="md" type="submit" busy={form.busy} width="full">
            Create owner account
          </Button>
        </Stack>
      </form>
    </AuthPage>
  );
}
