import { useQuery } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { LeadTo } from "#web/features/session/lead-to.tsx";
import { safeReturn } from "#web/features/session/safe-return.ts";
import { SignInForm } from "#web/features/session/sign-in-form.tsx";
import { sessionQuery } from "#web/lib/session-query.ts";

export function SignInPage() {
  const { from } = useSearch({ from: "/sign-in" });
  const router = useRouter();
  const session = useQuery(sessionQuery);
  const isSignedIn = session.data?.user != null;
  useEffect(() => {
    if (isSignedIn) router.history.replace(safeReturn(from));
  }, [isSignedIn, from, router]);
  if (session.data && !session.data.claimed) return <LeadTo to="/claim" />;
  return <SignInForm hasReturn={from !== undefined} />;
}
