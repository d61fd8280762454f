import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

export interface SigningKey {
  kid: string;
  alg: "ES256" | "RS256";
  privateKey: CryptoKey;
  publicJwk: JWK;
}

export async function createSigningKey(kid: string, alg: SigningKey["alg"] = "ES256"): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: "sig", key_ops: ["verify"] } };
}

/**
 * The claims that a Supabase project writes into the access token of a signed-in person. An undefined claim is left
 * out.
 */
export type TokenClaims = Record<string, unknown>;

export function personClaims(issuer: string, person: { id: string; email: string; name?: string }, sessionId: string): TokenClaims {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: issuer,
    aud: "authenticated",
    sub: person.id,
    iat: now,
    exp: now + 3_600,
    role: "authenticated",
    aal: "aal1",
    amr: [{ method: "password", timestamp: now }],
    session_id: sessionId,
    email: person.email,
    phone: "",
    is_anonymous: false,
    app_metadata: { provider: "email", providers: ["email"] },
    user_metadata: { email: person.email, email_verified: true, ...(person.name === undefined ? {} : { full_name: person.name }) },
  };
}

export function signToken(key: SigningKey, claims: TokenClaims, header: Record<string, unknown> = {}): Promise<string> {
  const defined = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
  return new SignJWT(defined).setProtectedHeader({ alg: key.alg, kid: key.kid, typ: "JWT", ...header }).sign(key.privateKey);
}
