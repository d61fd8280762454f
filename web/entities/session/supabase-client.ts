import { createClient } from "@supabase/supabase-js";

// A chunk of its own: loaded only where people sign in at a Supabase project.

/** Pages that a mail of the project leads to, with a code that only this browser can exchange (PKCE). */
const arrivals = ["/sign-in", "/reset-password"];

export function createAuth(project: { url: string; publishableKey: string }) {
  const { auth } = createClient(project.url, project.publishableKey, {
    // Anybody can write a link with a token in it and so sign a stranger in under an account of theirs; with PKCE the answer
    // is only good in the browser that asked.
    auth: { flowType: "pkce", detectSessionInUrl: arrivals.includes(window.location.pathname) },
  });
  return auth;
}

export type SupabaseAuth = ReturnType<typeof createAuth>;
