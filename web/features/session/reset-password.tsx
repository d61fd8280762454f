import { Flex, Spinner, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { z } from "zod";
import { passwordRule } from "#contract/people.ts";
import { Button } from "#ui/button.tsx";
import { PasswordField } from "#ui/fields/password-field.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { sessionQuery } from "#web/entities/session/session-query.ts";
import { supabaseAuth, unwrap } from "#web/entities/session/supabase-session.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { useForm } from "#web/lib/use-form.ts";
import { AuthPage } from "./auth-page.tsx";
import { PasswordRule } from "./password-rule.tsx";
import { ResetByLink } from "./reset-by-link.tsx";

const title = "Choose a new password";

/** The page that the link in a password mail opens. In the browser that asked for the mail, the link signs the person in. */
export function ResetPassword({ onReset }: { onReset: () => void }) {
  const session = useQuery(sessionQuery);
  if (session.isError) {
    return (
      <AuthPage title={title}>
        <LoadError error={session.error} onRetry={() => session.refetch()} retrying={session.isFetching} />
      </AuthPage>
    );
  }
  if (!session.data) {
    return (
      <AuthPage title={title}>
        <Flex justify="center" py="4">
          <Spinner aria-label="Checking the link" />
        </Flex>
      </AuthPage>
    );
  }
  if (session.data.signIn.kind === "password") return <ResetByLink onReset={onReset} />;
  if (!session.data.user) return <NoGood />;
  return <NewPassword email={session.data.user.email} onReset={onReset} />;
}

function NewPassword({ email, onReset }: { email: string; onReset: () => void }) {
  const form = useForm({
    schema: z.object({ password: passwordRule }),
    initial: { password: "" },
    onSubmit: async ({ password }) => {
      unwrap(await (await supabaseAuth()).updateUser({ password }));
      onReset();
    },
  });
  return (
    <AuthPage title={title} lead={`For ${email}.`}>
      <form ref={form.form} onSubmit={form.submit} noValidate>
        <Stack gap="4">
          <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
          <PasswordField
            label="New password"
            name="password"
            autoComplete="new-password"
            autoFocus
            value={form.values.password}
            onChange={(password) => form.set("password", password)}
            error={form.problem("password")}
            help={!form.problem("password") && <PasswordRule password={form.values.password} />}
          />
          <FormError error={form.error} shownAt={["password"]} />
          <Button tone="primary" size="md" type="submit" busy={form.busy} width="full">
            Save and go on
          </Button>
        </Stack>
      </form>
    </AuthPage>
  );
}

function NoGood() {
  return (
    <AuthPage title="This link does not work here">
      <Stack gap="5">
        <Text textStyle="sm" color="fg.muted">
          It works once, for an hour, and only in the browser that asked for it. Ask for a new one on the sign-in page.
        </Text>
        <Button asChild tone="primary" size="md">
          <Link to="/sign-in">Go to sign-in</Link>
        </Button>
      </Stack>
    </AuthPage>
  );
}
