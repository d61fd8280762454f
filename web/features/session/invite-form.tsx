import { Flex, Spinner, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { z } from "zod";
import { AcceptInvitation, type InvitationPreview } from "#contract/people.ts";
import { Button } from "#ui/button.tsx";
import { PasswordField } from "#ui/fields/password-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import {
  forgetSession,
  invitationPreviewQuery,
  rememberSession,
  type SessionAnswer,
  sessionQuery,
} from "#web/entities/session/session-query.ts";
import { signOut } from "#web/entities/session/supabase-session.ts";
import { api } from "#web/lib/api.ts";
import { isApiError } from "#web/lib/api-error.ts";
import { setCurrentWorkspace } from "#web/lib/current-workspace.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { useForm } from "#web/lib/use-form.ts";
import { AuthPage } from "./auth-page.tsx";
import { forgetLinkToken, useLinkToken } from "./link-token.ts";
import { PasswordRule } from "./password-rule.tsx";
import { SupabaseAuthPage } from "./supabase-auth-page.tsx";

interface InviteFormProps {
  onJoined: () => void;
}

export function InviteForm({ onJoined }: InviteFormProps) {
  const token = useLinkToken();
  const preview = useQuery(invitationPreviewQuery(token));
  const session = useQuery(sessionQuery);

  if (token === null || token.length < 20) {
    return <Gone text="The link is incomplete. Open it exactly as it was sent to you, with the part after the #." />;
  }
  if (preview.isError && isApiError(preview.error) && (preview.error.status === 404 || preview.error.status === 410)) {
    return <Gone text="It was used, taken back, or is older than it may be. Ask the person who invited you for a new link." />;
  }
  if (preview.isError) {
    return (
      <AuthPage title="Invitation">
        <LoadError error={preview.error} onRetry={() => preview.refetch()} />
      </AuthPage>
    );
  }
  if (!preview.data || !session.data) {
    return (
      <AuthPage title="Invitation">
        <Flex justify="center" py="4">
          <Spinner aria-label="Loading the invitation" />
        </Flex>
      </AuthPage>
    );
  }
  return <Join token={token} preview={preview.data} session={session.data} onJoined={onJoined} />;
}

const roleWords = {
  admin: "an admin: you manage members, channels and keys, and send flows",
  editor: "an editor: you edit contacts and send flows",
  viewer: "a viewer: you see everything and change nothing",
} as const;

interface JoinProps {
  token: string;
  preview: z.output<typeof InvitationPreview>;
  session: SessionAnswer;
  onJoined: () => void;
}

/**
 * Three ways in: signed in as the invited person (one press), with their existing password (signs in, then joins), or
 * with a new account. The link alone never opens an existing account.
 */
function Join({ token, preview, session, onJoined }: JoinProps) {
  const queryClient = useQueryClient();
  const isSignedIn = session.user?.email.toLowerCase() === preview.email.toLowerCase();
  const isNew = !preview.hasAccount && session.signIn.kind === "password";
  const form = useForm({
    schema: AcceptInvitation.refine((given) => isSignedIn || given.password, { path: ["password"], error: "Needed" }),
    initial: { name: "", password: "" },
    toBody: ({ name, password }) => ({ token, ...(isNew && { name }), ...(!isSignedIn && { password }) }),
    onSubmit: async ({ password = "", ...body }) => {
      const before = isNew || isSignedIn ? session : await api("signIn", { body: { email: preview.email, password } });
      const joined = await api("acceptInvitation", { body: isNew ? { ...body, password } : { token } });
      const known = new Set(before.workspaces.map((workspace) => workspace.id));
      rememberSession(queryClient, joined);
      setCurrentWorkspace(joined.workspaces.find((workspace) => !known.has(workspace.id))?.id ?? null);
      forgetLinkToken();
      onJoined();
    },
  });
  if (form.error && (form.error.status === 410 || form.error.status === 404)) {
    return <Gone text="It was used or taken back a moment ago. Ask the person who invited you for a new link." />;
  }
  if (session.user && !isSignedIn) return <SomebodyElse signedInAs={session.user.email} invited={preview.email} />;
  if (!session.user && session.signIn.kind === "supabase") {
    return (
      <SupabaseAuthPage
        title={`Join ${preview.workspaceName}`}
        lead={`${preview.email} is invited as ${roleWords[preview.role]}.`}
        email={preview.email}
        first={preview.hasAccount ? "sign-in" : "sign-up"}
      />
    );
  }
  return (
    <AuthPage title={`Join ${preview.workspaceName}`} lead={`${preview.email} is invited as ${roleWords[preview.role]}.`}>
      <form ref={form.form} onSubmit={form.submit} noValidate>
        <Stack gap="4">
          {isNew && (
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
          {!isSignedIn && (
            <>
              {/* Password managers store the password under the name they find beside it. */}
              <input type="email" name="email" autoComplete="username" value={preview.email} readOnly hidden />
              <PasswordField
                label={isNew ? "Choose a password" : "Your password"}
                name="password"
                autoComplete={isNew ? "new-password" : "current-password"}
                autoFocus={!isNew}
                value={form.values.password}
                onChange={(password) => form.set("password", password)}
                error={form.problem("password")}
                help={
                  isNew
                    ? !form.problem("password") && <PasswordRule password={form.values.password} />
                    : `You have an account as ${preview.email}.`
                }
              />
            </>
          )}
          <FormError error={form.error} shownAt={["name", "password"]} />
          <Button tone="primary" size="md" type="submit" busy={form.busy} width="full">
            {`Join ${preview.workspaceName}`}
          </Button>
        </Stack>
      </form>
    </AuthPage>
  );
}

function SomebodyElse({ signedInAs, invited }: { signedInAs: string; invited: string }) {
  const queryClient = useQueryClient();
  const leave = useMutation({ mutationFn: signOut, onSuccess: () => forgetSession(queryClient) });
  return (
    <AuthPage title="This invitation is for somebody else">
      <Stack gap="5">
        <Text textStyle="sm" color="fg.muted">
          It was sent to {invited}, and this browser is signed in as {signedInAs}.
        </Text>
        {leave.isError && <Notice status="error">{leave.error.message}</Notice>}
        <Button tone="primary" size="md" busy={leave.isPending} onClick={() => leave.mutate()}>
          {`Sign out and join as ${invited}`}
        </Button>
      </Stack>
    </AuthPage>
  );
}

function Gone({ text }: { text: string }) {
  return (
    <AuthPage title="This invitation cannot be used">
      <Stack gap="5">
        <Text textStyle="sm" color="fg.muted">
          {text}
        </Text>
        <Button asChild size="md">
          <Link to="/sign-in">Go to sign-in</Link>
        </Button>
      </Stack>
    </AuthPage>
  );
}
