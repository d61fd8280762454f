import { createHash } from "node:crypto";
import { betterAuth } from "better-auth";
import { getAdapter } from "better-auth/db/adapter";
import type { Logger } from "pino";
import type { SignInWay } from "#contract/people.ts";
import type { Db } from "#db/client.ts";
import { findLiveSession } from "#db/queries/people.ts";
import { consumeAttempt, giveAttemptBack } from "#db/queries/rate-limits.ts";
import { addressHeader, createAuthOptions, sessionCookieName, signInPath } from "./auth-options.ts";
import { addressBucket } from "./client-address.ts";
import { ApiError, tooManyRequests, unauthenticated } from "./errors.ts";
import { createPasswordHashing, type PasswordHashing } from "./password-hashing.ts";
import { hashToken, readSessionToken, withHashedSessionTokens } from "./session-tokens.ts";

/** How many wrong passwords one account allows in 15 minutes: from one address, and from all addresses together. */
const guessesFromHere = { window: 15 * 60, max: 5 };
const guessesFromAnywhere = { window: 15 * 60, max: 100 };

/** What is known about a client before its person is identified. */
export interface Caller {
  address: string;
  userAgent: string | undefined;
  cookie: string | undefined;
}

export interface Person {
  userId: string;
  name: string;
  email: string;
  sessionId: string;
}

/** Set-Cookie values for the answer. */
type Cookies = string[];

/** Identifies people. Their workspaces and roles are in our own tables and are not decided here. */
export interface Identity {
  /** The settings that the browser needs to sign somebody in. */
  way: SignInWay;
  /** Finds the person of the session cookie, or undefined if the cookie is not ours or has expired. */
  findPerson(caller: Caller): Promise<{ person: Person; cookies: Cookies } | undefined>;
  /**
   * Finds the person of an access token, where people sign in with such tokens.
   * @throws ApiError unauthenticated if the token is not valid or has expired
   */
  findBearer?(token: string): Promise<Person>;
  /** @throws ApiError wrong_credentials, the same for an unknown address and a wrong password, or too_many_requests */
  signIn(caller: Caller, credentials: { email: string; password: string }): Promise<{ userId: string; cookies: Cookies }>;
  /** Signs in a person whose account was made a moment ago. No password is guessed here, so there is no limit. */
  signInNew(caller: Caller, credentials: { email: string; password: string }): Promise<{ cookies: Cookies }>;
  signOut(caller: Caller, session: { sessionId: string }): Promise<{ cookies: Cookies }>;
  /** Ends every session of the person and begins a new one for this caller. */
  changePassword(caller: Caller, change: { currentPassword: string; newPassword: string }): Promise<{ cookies: Cookies }>;
  hashPassword(password: string): Promise<string>;
}

export interface IdentityParts {
  ownerDb: Db;
  masterKey: Buffer;
  publicUrl: string;
  log: Logger;
  /** The password hashing is slow on purpose. Tests that are not about passwords pass in a quick one. */
  hashing?: PasswordHashing;
}

export async function createIdentity(given: IdentityParts): Promise<Identity> {
  const { ownerDb, publicUrl, hashing = createPasswordHashing() } = given;
  const options = createAuthOptions({ ...given, hashing });
  const cookieName = sessionCookieName(publicUrl);
  const tables = { db: ownerDb, type: "postgres", schemaName: "private", transaction: true } as const;
  const adapter = withHashedSessionTokens(await getAdapter({ ...options, database: tables }));
  const auth = betterAuth({ ...options, database: () => adapter });

  const headersFor = (caller: Caller): Headers => {
    // Our own check of Origin and Host has run already. better-auth therefore sees a request of our own pages.
    const headers = new Headers({ "content-type": "application/json", origin: new URL(publicUrl).origin, [addressHeader]: caller.address });
    if (caller.userAgent) headers.set("user-agent", caller.userAgent.slice(0, 300));
    if (caller.cookie) headers.set("cookie", caller.cookie);
    return headers;
  };
  const post = (path: string, caller: Caller, body: unknown) =>
    auth.handler(new Request(`${publicUrl}/api/auth${path}`, { method: "POST", headers: headersFor(caller), body: JSON.stringify(body) }));

  return {
    way: { kind: "password" },

    // This runs on every request. It therefore uses one statement of ours instead of the library's own look-up, which
    // takes six times as long. Once a day the library is called, because it renews the row and the cookie.
    async findPerson(caller) {
      const token = readSessionToken(caller.cookie, cookieName);
      const found = token === undefined ? undefined : await findLiveSession(ownerDb, hashToken(token));
      if (!found) return undefined;
      const { isDueForRenewal, ...person } = found;
      if (!isDueForRenewal) return { person, cookies: [] };
      const { headers } = await auth.api.getSession({ headers: headersFor(caller), returnHeaders: true });
      return { person, cookies: headers.getSetCookie() };
    },

    async signIn(caller, credentials) {
      const account = createHash("sha256").update(credentials.email.toLowerCase()).digest("base64url");
      const limits = [
        { key: `account|${account}|${addressBucket(caller.address)}`, ...guessesFromHere },
        { key: `account|${account}`, ...guessesFromAnywhere },
      ];
      for (const limit of limits) {
        const attempt = await consumeAttempt(ownerDb, limit);
        if (!attempt.allowed) throw tooManyGuesses(attempt.retryAfter);
      }
      const response = await post(signInPath, caller, credentials);
      if (response.status === 429) throw tooManyGuesses(Number(response.headers.get("x-retry-after") ?? 60));
      if (response.status >= 500) throw new Error(`Signing in failed inside better-auth with status ${response.status}.`);
      if (!response.ok) throw new ApiError("wrong_credentials", "The e-mail address or the password is wrong.");
      const { user } = (await response.json()) as { user: { id: string } };
      await giveAttemptBack(ownerDb, [...limits.map(({ key }) => key), addressKey(caller.address)]);
      return { userId: user.id, cookies: response.headers.getSetCookie() };
    },

    async signInNew(caller, credentials) {
      const response = await auth.api.signInEmail({
        body: credentials,
        headers: headersFor({ ...caller, cookie: undefined }),
        asResponse: true,
      });
      if (!response.ok) throw new Error(`Signing in a new account failed inside better-auth with status ${response.status}.`);
      return { cookies: response.headers.getSetCookie() };
    },

    async signOut(caller) {
      const response = await auth.api.signOut({ headers: headersFor(caller), asResponse: true });
      return { cookies: response.headers.getSetCookie() };
    },

    async changePassword(caller, change) {
      const response = await post("/change-password", caller, { ...change, revokeOtherSessions: true });
      if (response.status === 429) throw tooManyGuesses(Number(response.headers.get("x-retry-after") ?? 60));
      if (response.status === 401) throw unauthenticated();
      if (response.status === 400) throw new ApiError("wrong_credentials", "The current password is wrong.");
      if (!response.ok) throw new Error(`Changing a password failed inside better-auth with status ${response.status}.`);
      return { cookies: response.headers.getSetCookie() };
    },

    hashPassword: (password) => hashing.hash(password),
  };
}

/** The key under which better-auth counts the attempts of this address. It writes IPv6 in full and as a /64. */
function addressKey(address: string): string {
  const bucket = addressBucket(address);
  if (!bucket.endsWith("/64")) return `${bucket}|${signInPath}`;
  const groups = bucket
    .slice(0, -"::/64".length)
    .split(":")
    .map((group) => group.padStart(4, "0"));
  return `${[...groups, "0000", "0000", "0000", "0000"].join(":")}|${signInPath}`;
}

const tooManyGuesses = (retryAfter: number): ApiError =>
  tooManyRequests(retryAfter, "Too many attempts. Wait a few minutes before you try again.");
