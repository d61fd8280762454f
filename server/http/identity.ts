import { createHash } from "node:crypto";
import { betterAuth } from "better-auth";
import { getAdapter } from "better-auth/db/adapter";
import type { Logger } from "pino";
import type { SignInWay } from "#contract/people.ts";
import type { Db } from "#db/client.ts";
import { deleteSession, findLiveSession } from "#db/queries/people.ts";
import { consumeAttempt, giveAttemptBack } from "#db/queries/rate-limits.ts";
import { addressHeader, createAuthOptions, sessionCookieName } from "./auth-options.ts";
import { addressBucket } from "./client-address.ts";
import { ApiError, tooManyRequests, unauthenticated } from "./errors.ts";
import { createPasswordHashing, type PasswordHashing } from "./password-hashing.ts";
import { hashToken, readSessionToken, withHashedSessionTokens } from "./session-tokens.ts";

/**
 * How many wrong passwords are allowed in 15 minutes: from one address over all accounts, for one account from one address,
 * and for one account from everywhere.
 */
const guessesFromAddress = { window: 15 * 60, max: 20 };
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
  signOut(caller: Caller, session: { userId: string; sessionId: string }): Promise<{ cookies: Cookies }>;
  /** Ends every session of the person and begins a new one for this caller. */
  changePassword(
    caller: Caller,
    person: { userId: string },
    change: { currentPassword: string; newPassword: string },
  ): Promise<{ cookies: Cookies }>;
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

  /**
   * Counts an attempt before the password is looked at, and answers where it was counted. The address comes first: one that
   * has used up its attempts must not use up those of an account, whose person would then be locked out. An attempt that a
   * later limit refuses was no guess, so the address gets it back.
   */
  const countGuess = async (caller: Caller, account: string): Promise<string[]> => {
    const address = addressBucket(caller.address);
    const limits = [
      { key: `address|${address}`, ...guessesFromAddress },
      { key: `account|${account}|${address}`, ...guessesFromHere },
      { key: `account|${account}`, ...guessesFromAnywhere },
    ];
    const counted: string[] = [];
    for (const limit of limits) {
      const attempt = await consumeAttempt(ownerDb, limit);
      if (!attempt.allowed) {
        await giveAttemptBack(ownerDb, counted);
        throw tooManyGuesses(attempt.retryAfter);
      }
      counted.push(limit.key);
    }
    return counted;
  };

  return {
    way: { kind: "password" },

    // This runs on every request. It therefore uses one statement of ours instead of the library's own look-up, which
    // takes six times as long. Once a day the library is called, because it renews the row and the cookie.
    async findPerson(caller) {
      const token = readSessionToken(caller.cookie, { name: cookieName, secret: options.secret as string });
      const found = token === undefined ? undefined : await findLiveSession(ownerDb, hashToken(token));
      if (!found) return undefined;
      const { isDueForRenewal, ...person } = found;
      if (!isDueForRenewal) return { person, cookies: [] };
      const { headers } = await auth.api.getSession({ headers: headersFor(caller), returnHeaders: true });
      return { person, cookies: headers.getSetCookie() };
    },

    async signIn(caller, credentials) {
      const account = createHash("sha256").update(credentials.email.toLowerCase()).digest("base64url");
      const counted = await countGuess(caller, account);
      const response = await post("/sign-in/email", caller, credentials);
      if (response.status >= 500) throw new Error(`Signing in failed inside better-auth with status ${response.status}.`);
      if (!response.ok) throw new ApiError("wrong_credentials", "The e-mail address or the password is wrong.");
      const { user } = (await response.json()) as { user: { id: string } };
      await giveAttemptBack(ownerDb, counted);
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

    async signOut(caller, session) {
      const response = await auth.api.signOut({ headers: headersFor(caller), asResponse: true });
      // The session that the request was answered for is gone in any case, whatever the library made of the cookie.
      await deleteSession(ownerDb, session);
      return { cookies: response.headers.getSetCookie() };
    },

    async changePassword(caller, { userId }, change) {
      // A thief of a session could guess the password here as well as at the sign-in.
      const counted = await countGuess(caller, userId);
      const response = await post("/change-password", caller, { ...change, revokeOtherSessions: true });
      if (response.status === 401) throw unauthenticated();
      if (response.status === 400) throw new ApiError("wrong_credentials", "The current password is wrong.");
      if (!response.ok) throw new Error(`Changing a password failed inside better-auth with status ${response.status}.`);
      await giveAttemptBack(ownerDb, counted);
      return { cookies: response.headers.getSetCookie() };
    },

    hashPassword: (password) => hashing.hash(password),
  };
}

const tooManyGuesses = (retryAfter: number): ApiError =>
  tooManyRequests(retryAfter, "Too many attempts. Wait a few minutes before you try again.");
