import { Stack } from "@chakra-ui/react";
import { useMutation } from "@tanstack/react-query";
import { z } from "zod";
import { passwordRule } from "#contract/people.ts";
import { Button } from "#ui/button.tsx";
import { PasswordField } from "#ui/fields/password-field.tsx";
import { toast } from "#ui/toaster.tsx";
import { supabaseAuth, unwrap } from "#web/entities/session/supabase-session.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { useForm } from "#web/lib/use-form.ts";
import { Section } from "./section.tsx";

/** The account settings where a Supabase project keeps the accounts. */
export function SupabaseAccount() {
  const { user } = useSession();
  return (
    <>
      <Section title="Password" lead={`You sign in with Supabase as ${user.email}.`}>
        <NewPassword />
      </Section>
      <Section
        title="Other sessions"
        lead="This signs you out in every other browser. A browser that is open now may keep working for up to an hour."
        action={<SignOutElsewhere />}
      >
        {null}
      </Section>
    </>
  );
}

function NewPassword() {
  const form = useForm({
    schema: z.object({ password: passwordRule }),
    initial: { password: "" },
    onSubmit: async ({ password }) => {
      unwrap(await (await supabaseAuth()).updateUser({ password }));
      form.reset();
      toast({ title: "Password changed", status: "success" });
    },
  });
  return (
    <form ref={form.form} onSubmit={form.submit} noValidate>
      <Stack gap="4" maxW="sm">
        <PasswordField
          label="New password"
          autoComplete="new-password"
          help="12 characters or more."
          value={form.values.password}
          onChange={(password) => form.set("password", password)}
          error={form.problem("password")}
        />
        <FormError error={form.error} shownAt={["password"]} />
        <div>
          <Button tone="primary" type="submit" busy={form.busy}>
            Change password
          </Button>
        </div>
      </Stack>
    </form>
  );
}

function SignOutElsewhere() {
  const leave = useMutation({
    mutationFn: async () => {
      unwrap({ data: undefined, ...(await (await supabaseAuth()).signOut({ scope: "others" })) });
    },
    onSuccess: () => toast({ title: "Your other sessions were signed out", status: "success" }),
    onError: (error) => toast({ title: "They were not signed out", description: error.message, status: "error" }),
  });
  return (
    <Button busy={leave.isPending} onClick={() => leave.mutate()}>
      Sign out elsewhere
    </Button>
  );
}
