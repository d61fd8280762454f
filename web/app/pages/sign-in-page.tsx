import { useQuery } from "@tanstack/react-query";
import { Navigate, useRouter, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { SignInForm } from "#web/features/session/sign-in-form.tsx";
import { sessionQuery } from "#web/lib/session-query.ts";

/** Only a path of ours: "//elsewhere.example" and "javascript:" would lead a person who just typed a password astray. */
export const safeReturn = (from: string | undefined): string => (from && /^\/(?![/\\])/.test(from) ? from : "/contacts");

export function SignInPage() {
  const { from } = useSearch({ from: "/sign-in" });
  const router = useRouter();
  const session = useQuery(sessionQuery);
  const isSignedIn = session.data?.user != null;
  useEffect(() => {
    if (isSignedIn) router.history.replace(safeReturn(from));
  }, [isSignedIn, from, router]);
  if (session.data && !session.data.claimed) return <Navigate to="/claim" replace />;
  return <SignInForm hasReturn={from !== undefined} />;
}
