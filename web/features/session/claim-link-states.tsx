import { Stack, Text } from "@chakra-ui/react";
import { Link } from "@tanstack/react-router";
import { Button } from "#ui/button.tsx";
import { Notice } from "#ui/notice.tsx";
import { AuthPage } from "./auth-page.tsx";

/** Shown by the claim page when its link does not work. */
export function ClaimLinkMissing() {
  return (
    <AuthPage title="Open the link from the console">
      <Text textStyle="sm" color="fg.muted">
        When Sluice starts without an owner it prints one line with a link. Open that link in this browser, whole: the part after the # is
        what proves that it is yours.
      </Text>
    </AuthPage>
  );
}

export function ClaimLinkExpired() {
  return (
    <AuthPage title="This link no longer works">
      <Notice status="warning">
        A claim link works for 30 minutes, and each start of Sluice replaces the one before. Restart Sluice on its machine: it prints a new
        one.
      </Notice>
    </AuthPage>
  );
}

export function ClaimLinkUsed() {
  return (
    <AuthPage title="This Sluice has an owner already">
      <Stack gap="5">
        <Text textStyle="sm" color="fg.muted">
          The link was used before. If that was not you, ask whoever runs this machine. If it was, sign in.
        </Text>
        <Button asChild tone="primary" size="md">
          <Link to="/sign-in">Go to sign-in</Link>
        </Button>
      </Stack>
    </AuthPage>
  );
}
