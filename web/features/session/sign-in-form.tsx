import { Stack, Text } from "@chakra-ui/react";
import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { SignIn } from "#contract/people.ts";
import { Button } from "#ui/button.tsx";
import { PasswordField } from "#ui/fields/password-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { Notice } from "#ui/notice.tsx";
import { rememberSession } from "#web/entities/session/session-query.ts";
import { api } from "#web/lib/api.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { useForm } from "#web/lib/use-form.ts";
import { AuthPage } from "./auth-page.tsx";

interface SignInFormProps {
  /** Whether the session ended while the person was working. */
  hasReturn: boolean;
}

export function SignInForm({ hasReturn }: SignInFormProps) {
  const queryClient = useQueryClient();
  const password = useRef<HTMLInputElement>(null);
  const form = useForm({
    schema: SignIn.refine((given) => given.email !== "", { path: ["email"], error: "Needed" }).refine((given) => given.password !== "", {
      path: ["password"],
      error: "Needed",
    }),
    initial: { email: "", password: "" },
    onSubmit: async (body) => {
      try {
        rememberSession(queryClient, await api("signIn", { body }));
      } catch (error) {
        password.current?.select();
        throw error;
      }
    },
  });
  return (
    <AuthPage title="Sign in">
      <form ref={form.form} onSubmit={form.submit} noValidate>
        <Stack gap="4">
          {hasReturn && !form.error && <Notice status="info">Sign in to go on where you were.</Notice>}
          <TextField
            label="E-mail"
            type="email"
            name="email"
            autoComplete="username"
            autoFocus
            value={form.values.email}
            onChange={(email) => form.set("email", email)}
            error={form.problem("email")}
          />
          <PasswordField
            ref={password}
            label="Password"
            name="password"
            autoComplete="current-password"
            value={form.values.password}
            onChange={(value) => form.set("password", value)}
            error={form.problem("password")}
          />
          <Text textStyle="xs" color="fg.muted">
            Forgot the password? An owner of your workspace can make you a link for a new one. An owner gets one from the server:{" "}
            <code>npm run reset-password</code>
          </Text>
          <FormError error={form.error} shownAt={["email", "password"]} />
          <Button tone="primary" size="md" type="submit" busy={form.busy} width="full">
            Sign in
          </Button>
        </Stack>
      </form>
    </AuthPage>
  );
}
