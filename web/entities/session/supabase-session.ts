import { authorization, sendsAccessToken, setAccessTokenSource } from "#web/lib/access-token.ts";
import { api } from "#web/lib/api.ts";
import { ApiError, isApiError, unreachable } from "#web/lib/api-error.ts";
import type { SupabaseAuth } from "./supabase-client.ts";

let opening: Promise<SupabaseAuth> | undefined;

/** Begins to sign in at this project; requests carry its access token from then on. */
export function openSupabase(project: { url: string; publishableKey: string }): Promise<SupabaseAuth> {
  opening ??= load(project).catch((error: unknown) => {
    // A chunk that could not be fetched is fetched again next time.
    opening = undefined;
    throw error;
  });
  return opening;
}

async function load(project: { url: string; publishableKey: string }): Promise<SupabaseAuth> {
  const { createAuth } = await import("./supabase-client.ts");
  const auth = createAuth(project);
  setAccessTokenSource(async () => (await auth.getSession()).data.session?.access_token ?? null);
  return auth;
}

/** The one that is open. */
export function supabaseAuth(): Promise<SupabaseAuth> {
  if (!opening) throw new Error("This instance keeps its own passwords: there is no Supabase to ask.");
  return opening;
}

/** Reads the session from the server, with the access token where Supabase keeps the accounts. */
export async function readSession(signal?: AbortSignal) {
  const ask = () => api("getSession", signal ? { signal } : {});
  try {
    const session = await ask();
    if (session.signIn.kind === "password" || sendsAccessToken()) return session;
    await openSupabase(session.signIn);
    return "Authorization" in (await authorization()) ? await ask() : session;
  } catch (error) {
    // Its session was ended here or is no longer believed: then this browser is nobody, and may sign in.
    if (!isApiError(error, "unauthenticated") || !sendsAccessToken()) throw error;
    await (await supabaseAuth()).signOut({ scope: "local" });
    return ask();
  }
}

/** Our server first: from then on it refuses the token, which itself stays good for up to an hour. */
export async function signOut(): Promise<void> {
  await api("signOut");
  if (sendsAccessToken()) await (await supabaseAuth()).signOut({ scope: "local" });
}

type AuthRefusal = { message: string; code?: string | undefined; status?: number | undefined };
type AuthAnswer<T> = { data: T; error: null } | { data: unknown; error: AuthRefusal };

/** The data of an answer of Supabase. @throws ApiError in our words when Supabase refused. */
export function unwrap<T>(answer: AuthAnswer<T>): T {
  if (!answer.error) return answer.data;
  const { code = "", status = 0, message } = answer.error;
  if (status === 0 || status >= 500) throw unreachable();
  if (code === "invalid_credentials") throw new ApiError("wrong_credentials", 401, "The e-mail address or the password is wrong.");
  if (code === "email_not_confirmed")
    throw new ApiError("wrong_credentials", 401, "Confirm your e-mail address first: open the link in the mail that was sent to you.");
  if (code === "user_already_exists")
    throw new ApiError("conflict", 409, "There is an account with this address already. Sign in with it.");
  if (code === "signup_disabled")
    throw new ApiError("forbidden", 403, "New accounts are not made here. Ask the person who runs the Supabase project for one.");
  if (status === 429) throw new ApiError("too_many_requests", 429, "Too many attempts. Wait a few minutes before you try again.");
  throw new ApiError("invalid_request", status, message);
}
