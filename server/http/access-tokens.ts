import { createRemoteJWKSet, customFetch, decodeJwt, errors, type FlattenedJWSInput, type JWSHeaderParameters, jwtVerify } from "jose";
import { z } from "zod";
import { ApiError, unauthenticated } from "./errors.ts";

/** The person that a verified token names. */
export interface TokenHolder {
  userId: string;
  sessionId: string;
  email: string;
  name: string;
}

export interface AccessTokenOptions {
  /** The address of the Supabase project, without a trailing slash. */
  supabaseUrl: string;
  /** The shared secret of projects that have not moved to signing keys. Without it every HS256 token is refused. */
  jwtSecret?: string | undefined;
  /** Is called when the project's keys cannot be fetched. */
  onKeysUnavailable?: (error: unknown) => void;
  /** Is called with the person whom a token names that the project has not made. One that is merely old is none. */
  onForged?: (userId: string) => void;
}

/** Supabase's tokens are below 2 KiB. A longer one is refused without being decoded. */
const longestToken = 8 * 1024;
const leewaySeconds = 5;

/** The project's keys are fetched again after ten minutes, or earlier if a token names a key that is not among them. */
const keysKeptMs = 10 * 60_000;
/** The shortest time between two such fetches. */
const keysCooldownMs = 30_000;
const keysTimeoutMs = 5_000;

// People can write their own `user_metadata`. It is used for the name only and decides nothing.
const Claims = z.object({
  sub: z.uuid(),
  session_id: z.uuid(),
  role: z.literal("authenticated"),
  is_anonymous: z.literal(false).optional(),
  email: z.email().max(254),
  user_metadata: z.object({ full_name: z.unknown(), name: z.unknown() }).partial().nullish(),
});

/**
 * Checks the access tokens of a Supabase project. This file decides which algorithms are accepted, never the token, so
 * that a public key cannot be passed off as a shared secret. If the keys cannot be fetched, the answer is 503 and not
 * 401, because the caller has done nothing wrong.
 */
export function createAccessTokenCheck(options: AccessTokenOptions): (token: string) => Promise<TokenHolder> {
  const issuer = `${options.supabaseUrl}/auth/v1`;
  const secret = options.jwtSecret === undefined ? undefined : new TextEncoder().encode(options.jwtSecret);
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`), {
    cacheMaxAge: keysKeptMs,
    cooldownDuration: keysCooldownMs,
    timeoutDuration: keysTimeoutMs,
    [customFetch]: fetchKeys,
  });
  const rules = {
    issuer,
    audience: "authenticated",
    algorithms: secret ? ["ES256", "RS256", "HS256"] : ["ES256", "RS256"],
    clockTolerance: leewaySeconds,
    requiredClaims: ["exp", "iat", "sub"],
  };
  const keyFor = async (header: JWSHeaderParameters, token: FlattenedJWSInput) => {
    if (header.alg === "HS256" && secret) return secret;
    try {
      return await keys(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      if (error instanceof errors.JOSENotSupported) throw error;
      throw new KeysUnavailable(error);
    }
  };

  return async (token) => {
    if (token.length > longestToken) throw refusal("it is too long");
    const { payload } = await jwtVerify(token, keyFor, rules).catch((error: unknown) => {
      if (error instanceof KeysUnavailable) {
        options.onKeysUnavailable?.(error.cause);
        throw new ApiError("unavailable", "The sign-in service does not answer at the moment. Try again shortly.", { retryAfter: 5 });
      }
      if (error instanceof errors.JWTExpired) throw refusal("it has expired");
      if (error instanceof errors.JOSEError) {
        // Whose claims are wrong, as where clocks differ, was made by the project all the same.
        const named = error instanceof errors.JWTClaimValidationFailed ? undefined : personNamedBy(token);
        if (named !== undefined) options.onForged?.(named);
        throw refusal("it is not a valid token of this instance's Supabase project");
      }
      throw error;
    });
    const claims = Claims.safeParse(payload);
    if (!claims.success) throw refusal(whyNot(claims.error));
    const { sub, session_id, email, user_metadata } = claims.data;
    return {
      userId: sub,
      sessionId: session_id,
      email: email.toLowerCase(),
      name: nameOf(user_metadata) ?? (email.split("@")[0] as string),
    };
  };
}

/** Nothing of such a token is true. Whom it names is told to the person's admins and used for nothing else. */
function personNamedBy(token: string): string | undefined {
  try {
    return z.uuid().safeParse(decodeJwt(token).sub).data;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

class KeysUnavailable extends Error {
  constructor(cause: unknown) {
    super("The signing keys of the Supabase project cannot be fetched.", { cause });
  }
}

async function fetchKeys(url: string, init: { signal: AbortSignal; headers: Headers }): Promise<Response> {
  return fetch(url, { headers: init.headers, signal: init.signal, redirect: "error" });
}

const refusal = (why: string) => unauthenticated(`This access token is refused: ${why}. Sign in again.`);

/** Names the claim that made the token fail, for people who build on this and may get one wrong. */
function whyNot(error: z.ZodError): string {
  const claim = error.issues[0]?.path[0];
  if (claim === "role") return "it is not a signed-in person's";
  if (claim === "is_anonymous") return "it belongs to nobody in particular (an anonymous sign-in)";
  if (claim === "email") return "its account has no e-mail address, which Sluice needs";
  return `its claim ${String(claim)} is missing or unusable`;
}

function nameOf(metadata: { full_name?: unknown; name?: unknown } | null | undefined): string | undefined {
  const given = [metadata?.full_name, metadata?.name].find((name) => typeof name === "string" && name.trim() !== "");
  return typeof given === "string" ? given.trim().slice(0, 100) : undefined;
}
