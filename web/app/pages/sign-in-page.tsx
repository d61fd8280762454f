import { useRouter, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { Notice } from "#ui/notice.tsx";
import type { SessionAnswer } from "#web/entities/session/session-query.ts";
import { RedirectOnce } from "#web/features/session/redirect-once.tsx";
import { safeReturn } from "#web/features/session/safe-return.ts";
import { SessionAwaited } from "#web/features/session/session-awaited.tsx";
import { SignInForm } from "#web/features/session/sign-in-form.tsx";
import { SupabaseAuthPage } from "#web/features/session/supabase-auth-page.tsx";

export function SignInPage() {
  return <SessionAwaited title="Sign in">{(session) => <SignIn session={session} />}</SessionAwaited>;
}

function SignIn({ session }: { session: SessionAnswer }) {
  const { from } = useSearch({ from: "/sign-in" });
  const router = useRouter();
  const isSignedIn = session.user !== null;
  useEffect(() => {
    if (isSignedIn) router.history.replace(safeReturn(from));
  }, [isSignedIn, from, router]);
  if (!session.claimed) return <RedirectOnce to="/claim" />;
  if (session.signIn.kind === "supabase") {
    const notice = from !== undefined && <Notice status="info">Sign in to go on where you were.</Notice>;
    return <SupabaseAuthPage title="Sign in" canSignUp={false} notice={notice} />;
  }
  return <SignInForm hasReturn={from !== undefined} />;
}
