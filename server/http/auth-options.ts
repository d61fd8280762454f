import { hkdfSync } from "node:crypto";
import type { BetterAuthOptions } from "better-auth";
import type { Logger } from "pino";
import type { PasswordHashing } from "./password-hashing.ts";

const day = 24 * 60 * 60;
/**
 * The server sets this header on requests that it makes up itself. A header of this name from a caller never arrives
 * here.
 */
export const addressHeader = "x-sluice-address";

/** Browsers accept a `__Host-` cookie only over https and from this very host. No subdomain can set one for us. */
export const sessionCookieName = (publicUrl: string): string =>
  publicUrl.startsWith("https:") ? "__Host-sluice_session" : "sluice_session";

export interface AuthParts {
  masterKey: Buffer;
  publicUrl: string;
  log: Logger;
  hashing: PasswordHashing;
}

/**
 * We use only the core of better-auth: passwords, sessions and cookies. Its routes are not
 * mounted.
 */
export function createAuthOptions(given: AuthParts): BetterAuthOptions {
  const { masterKey, publicUrl, log, hashing } = given;
  const isHttps = publicUrl.startsWith("https:");
  return {
    appName: "Sluice",
    baseURL: publicUrl,
    basePath: "/api/auth",
    // The secret is derived, so that signing cookies with it cannot weaken what the master key itself protects.
    secret: Buffer.from(hkdfSync("sha256", masterKey, "", "sluice session cookies v1", 32)).toString("base64url"),
    trustedOrigins: [publicUrl],
    telemetry: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      autoSignIn: false,
      minPasswordLength: 12,
      maxPasswordLength: 128,
      password: hashing,
    },
    user: {
      modelName: "users",
      fields: { emailVerified: "email_verified", createdAt: "created_at", updatedAt: "updated_at" },
    },
    session: {
      modelName: "sessions",
      fields: {
        userId: "user_id",
        expiresAt: "expires_at",
        ipAddress: "ip_address",
        userAgent: "user_agent",
        createdAt: "created_at",
        updatedAt: "updated_at",
      },
      // A session ends after 7 days without use. It is renewed once a day and not on every request, so it may end up to
      // a day earlier.
      expiresIn: 7 * day,
      updateAge: day,
      // A revoked session must be refused on the next request. The cookie therefore keeps no copy of the session.
      cookieCache: { enabled: false },
    },
    account: {
      modelName: "accounts",
      fields: {
        userId: "user_id",
        accountId: "account_id",
        providerId: "provider_id",
        accessToken: "access_token",
        refreshToken: "refresh_token",
        idToken: "id_token",
        accessTokenExpiresAt: "access_token_expires_at",
        refreshTokenExpiresAt: "refresh_token_expires_at",
        createdAt: "created_at",
        updatedAt: "updated_at",
      },
      accountLinking: { enabled: false },
    },
    verification: {
      modelName: "verifications",
      fields: { expiresAt: "expires_at", createdAt: "created_at", updatedAt: "updated_at" },
    },
    // Attempts are counted before the library is called, in identity.ts.
    rateLimit: { enabled: false },
    advanced: {
      database: { generateId: "uuid", validateSchema: false },
      ipAddress: { ipAddressHeaders: [addressHeader] },
      useSecureCookies: false, // its prefix would be __Secure-; ours is the stricter one below
      cookies: { session_token: { name: sessionCookieName(publicUrl) } },
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax", path: "/", secure: isHttps },
    },
    logger: {
      level: "error",
      // Only the message is logged. The arguments behind it may hold an address or a token.
      log: (level, message) => (level === "error" ? log.error({ from: "better-auth" }, message) : undefined),
    },
  };
}
