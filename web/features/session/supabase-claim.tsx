import { Stack, Text } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "#ui/button.tsx";
import { Notice } from "#ui/notice.tsx";
import { rememberSession, type SessionAnswer } from "#web/entities/session/session-query.ts";
import { api } from "#web/lib/api.ts";
import { isApiError } from "#web/lib/api-error.ts";
import { AuthPage } from "./auth-page.tsx";
import { ClaimLinkExpired, ClaimLinkMissing, ClaimLinkUsed } from "./claim-link-states.tsx";
import { forgetLinkToken, useLinkToken } from "./link-token.ts";
import { SupabaseAuthPage } from "./supabase-auth-page.tsx";

/** Claims the instance where a Supabase project keeps the accounts: the person signs in there and becomes the first owner. */
export function SupabaseClaim({ session, onClaimed }: { session: SessionAnswer; onClaimed: () => void }) {
  const token = useLinkToken();
  const queryClient = useQueryClient();
  const claim = useMutation({
    mutationFn: () => api("claimSignedIn", { body: { token: token ?? "" } }),
    onSuccess: (owned) => {
      rememberSession(queryClient, owned);
      forgetLinkToken();
      onClaimed();
    },
  });
  if (token === null || token.length < 20) return <ClaimLinkMissing />;
  if (isApiError(claim.error, "already_claimed")) return <ClaimLinkUsed />;
  if (isApiError(claim.error, "link_expired")) return <ClaimLinkExpired />;
  if (!session.user) {
    return (
      <SupabaseAuthPage
        title="Make this Sluice yours"
        lead="Sign in, or make an account at its Supabase project. You then become its owner."
      />
    );
  }
  return (
    <AuthPage title="Make this Sluice yours">
      <Stack gap="5">
        <Text textStyle="sm" color="fg.muted">
          You are signed in as {session.user.email}. As the owner you invite others and set up how messages leave.
        </Text>
        {claim.isError && <Notice status="error">{claim.error.message}</Notice>}
        <Button tone="primary" size="md" busy={claim.isPending} onClick={() => claim.mutate()} width="full">
          Become the owner
        </Button>
      </Stack>
    </AuthPage>
  );
}
