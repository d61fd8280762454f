import { Stack, Text } from "@chakra-ui/react";
import { Button } from "#ui/button.tsx";
import { Notice } from "#ui/notice.tsx";
import { AuthPage } from "./auth-page.tsx";
import { useSignOut } from "./use-sign-out.ts";

/** Shown to a person who has an account at the Supabase project and belongs to no workspace here. */
export function NotInvited({ email }: { email: string }) {
  const leave = useSignOut();
  return (
    <AuthPage title="You have not been invited yet">
      <Stack gap="5">
        <Text textStyle="sm" color="fg.muted">
          You are signed in as {email}, which belongs to no workspace here. Ask somebody in one to invite this address, and open the link
          that they send you.
        </Text>
        {leave.isError && <Notice status="error">{leave.error.message}</Notice>}
        <Button size="md" busy={leave.isPending} onClick={() => leave.mutate()}>
          Sign out
        </Button>
      </Stack>
    </AuthPage>
  );
}
