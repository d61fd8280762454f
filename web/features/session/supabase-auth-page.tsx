import { chakra, Flex, Stack } from "@chakra-ui/react";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { z } from "zod";
import { passwordRule } from "#contract/people.ts";
import { Button } from "#ui/button.tsx";
import { PasswordField } from "#ui/fields/password-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { Notice } from "#ui/notice.tsx";
import { rememberSession } from "#web/entities/session/session-query.ts";
import { readSession, supabaseAuth, unwrap } from "#web/entities/session/supabase-session.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { useForm } from "#web/lib/use-form.ts";
import { AuthPage } from "./auth-page.tsx";
import { PasswordRule } from "./password-rule.tsx";

type Way = "sign-in" | "sign-up" | "forgot";

interface SupabaseAuthPageProps {
  title: string;
  lead?: ReactNode;
  /** The only address that may sign in here. */
  email?: string;
  /** The form that is shown first. */
  first?: "sign-in" | "sign-up";
  canSignUp?: boolean;
  notice?: ReactNode;
}

const schemas = {
  "sign-in": z.object({ email: z.email(), password: z.string().min(1, "Needed") }),
  "sign-up": z.object({ name: z.string().trim().min(1).max(100), email: z.email(), password: passwordRule }),
  forgot: z.object({ email: z.email() }),
};
const labels = { "sign-in": "Sign in", "sign-up": "Create account", forgot: "Send the link" };

/** The sign-in page where a Supabase project keeps the accounts: sign in, make an account, or ask for a password link. */
export function SupabaseAuthPage({ title, lead, email, first = "sign-in", canSignUp = true, notice }: SupabaseAuthPageProps) {
  const [way, setWay] = useState<Way>(first);
  const [mailed, setMailed] = useState<string | null>(null);
  const queryClient = useQueryClient();
  const form = useForm({
    schema: schemas[way] as z.ZodType<{ name?: string; email: string; password?: string }>,
    initial: { name: "", email: email ?? "", password: "" },
    onSubmit: async (given) => {
      const sent = await enter(way, given);
      if (sent) {
        setMailed(sent);
        setWay("sign-in");
        return;
      }
      rememberSession(queryClient, await readSession());
    },
  });
  const turnTo = (next: Way) => {
    form.reset(form.values);
    setMailed(null);
    setWay(next);
  };
  return (
    <AuthPage title={title} lead={lead}>
      <form ref={form.form} onSubmit={form.submit} noValidate>
        <Stack gap="4">
          {mailed ? <Notice status="info">{mailed}</Notice> : notice}
          {way === "sign-up" && (
            <TextField
              label="Your name"
              name="name"
              autoComplete="name"
              autoFocus
              value={form.values.name}
              onChange={(name) => form.set("name", name)}
              error={form.problem("name")}
            />
          )}
          <TextField
            label="E-mail"
            type="email"
            name="email"
            autoComplete="username"
            autoFocus={way !== "sign-up" && email === undefined}
            readOnly={email !== undefined}
            value={form.values.email}
            onChange={(value) => form.set("email", value)}
            error={form.problem("email")}
          />
          {way !== "forgot" && (
            <PasswordField
              label={way === "sign-up" ? "Choose a password" : "Password"}
              name="password"
              autoComplete={way === "sign-up" ? "new-password" : "current-password"}
              value={form.values.password}
              onChange={(password) => form.set("password", password)}
              error={form.problem("password")}
              help={way === "sign-up" && !form.problem("password") && <PasswordRule password={form.values.password} />}
            />
          )}
          <FormError error={form.error} shownAt={["name", "email", "password"]} />
          <Button tone="primary" size="md" type="submit" busy={form.busy} width="full">
            {labels[way]}
          </Button>
          <Flex justify="space-between" gap="3" wrap="wrap">
            {canSignUp && way !== "sign-up" && <Turn onClick={() => turnTo("sign-up")}>I have no account yet</Turn>}
            {way !== "sign-in" && <Turn onClick={() => turnTo("sign-in")}>I have an account</Turn>}
            {way === "sign-in" && <Turn onClick={() => turnTo("forgot")}>I forgot my password</Turn>}
          </Flex>
        </Stack>
      </form>
    </AuthPage>
  );
}

/** Signs in, signs up or sends the link. Returns a message when the person has to open a mail first. */
async function enter(way: Way, { name = "", email, password = "" }: { name?: string; email: string; password?: string }) {
  const auth = await supabaseAuth();
  if (way === "forgot") {
    unwrap(await auth.resetPasswordForEmail(email, { redirectTo: `${window.location.origin}/reset-password` }));
    return `If there is an account as ${email}, a mail with a link is on its way. Open the link in this browser.`;
  }
  if (way === "sign-in") {
    unwrap(await auth.signInWithPassword({ email, password }));
    return undefined;
  }
  const options = { data: { full_name: name }, emailRedirectTo: `${window.location.origin}/sign-in` };
  const { session } = unwrap(await auth.signUp({ email, password, options }));
  return session
    ? undefined
    : `A mail was sent to ${email}. Open its link to confirm the address, then come back to this page and sign in.`;
}

function Turn({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <chakra.button
      type="button"
      onClick={onClick}
      textStyle="sm"
      color="accent.fg"
      cursor="pointer"
      borderRadius="l1"
      _hover={{ textDecoration: "underline" }}
      focusVisibleRing="outside"
    >
      {children}
    </chakra.button>
  );
}
