import { Spinner } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { Notice } from "#ui/notice.tsx";
import { Door } from "#web/features/session/door.tsx";
import { LeadTo } from "#web/features/session/lead-to.tsx";
import { safeReturn } from "#web/features/session/safe-return.ts";
import { SignInForm } from "#web/features/session/sign-in-form.tsx";
import { SupabaseDoor } from "#web/features/session/supabase-door.tsx";
import { useIsSigningOut } from "#web/features/session/use-sign-out.ts";
import { sessionQuery } from "#web/lib/session-query.ts";

export function SignInPage() {
  const { from } = useSearch({ from: "/sign-in" });
  const router = useRouter();
  const session = useQuery(sessionQuery);
  const isSignedIn = session.data?.user != null;
  useEffect(() => {
    if (isSignedIn) router.history.replace(safeReturn(from));
  }, [isSignedIn, from, router]);
  const isSigningOut = useIsSigningOut();
  if (isSigningOut) {
    return (
      <Door title="Signing out">
        <Spinner aria-label="Signing out" />
      </Door>
    );
  }
  if (session.data && !session.data.claimed) return <LeadTo to="/claim" />;
  if (session.data?.signIn.kind === "supabase") {
    const notice = from !== undefined && <Notice status="info">Sign in to go on where you were.</Notice>;
    return <SupabaseDoor title="Sign in" canSignUp={false} notice={notice} />;
  }
  return <SignInForm hasReturn={from !== undefined} />;
}
