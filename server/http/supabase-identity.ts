import type { Logger } from "pino";
import type { Db } from "#db/client.ts";
import { endSupabaseSession, noteSupabasePerson } from "#db/queries/supabase-people.ts";
import { createAccessTokenCheck } from "./access-tokens.ts";
import { ApiError, unauthenticated } from "./errors.ts";
import type { Identity } from "./identity.ts";
import { createForgeryRecord } from "./security-events.ts";

export interface SupabaseProject {
  /** The address of the project, without a trailing slash. */
  url: string;
  /** This key is public: every browser gets it. */
  publishableKey: string;
  jwtSecret?: string | undefined;
}

/**
 * Identifies people who sign in at a Supabase project. The browser signs in there by itself and sends the access token
 * with every request. Passwords, addresses and sessions are changed there too. We ask for no key that could do more
 * than a visitor.
 */
export function createSupabaseIdentity(given: { ownerDb: Db; project: SupabaseProject; log: Logger }): Identity {
  const { ownerDb, project, log } = given;
  const checkToken = createAccessTokenCheck({
    supabaseUrl: project.url,
    jwtSecret: project.jwtSecret,
    onKeysUnavailable: (err) => log.warn({ err }, "The signing keys of the Supabase project could not be read"),
    onForged: createForgeryRecord({ ownerDb, log }),
  });
  return {
    way: { kind: "supabase", url: project.url, publishableKey: project.publishableKey },
    async findBearer(token) {
      const { userId, sessionId, name, email } = await checkToken(token);
      const goesOn = await noteSupabasePerson(ownerDb, { person: { id: userId, name, email }, sessionId });
      if (!goesOn) throw unauthenticated("This session was signed out. Sign in again.");
      return { userId, sessionId, name, email };
    },
    // The product sets no session cookie in this mode.
    findPerson: async () => undefined,
    async signOut(_caller, { sessionId }) {
      await endSupabaseSession(ownerDb, sessionId);
      return { cookies: [] };
    },
    signIn: elsewhere,
    signInNew: elsewhere,
    changePassword: elsewhere,
    hashPassword: elsewhere,
  };
}

/** Refuses what only an instance with passwords of its own can do. */
export function requirePasswordsHere({ way }: Pick<Identity, "way">): void {
  if (way.kind !== "password") throw isElsewhere();
}

const elsewhere = (): Promise<never> => Promise.reject(isElsewhere());

const isElsewhere = () =>
  new ApiError(
    "identity_elsewhere",
    "People of this instance sign in with Supabase, which manages accounts, passwords and sessions. Send its access token as Authorization: Bearer …",
  );
