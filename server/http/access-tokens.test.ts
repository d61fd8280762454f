import { randomUUID } from "node:crypto";
import { exportSPKI, importJWK, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type SupabaseAuthContract, startSupabaseAuthContract } from "#test/supabase/auth-contract.ts";
import { createSigningKey, personClaims, signToken } from "#test/supabase/signing-keys.ts";
import { createAccessTokenCheck, type TokenHolder } from "./access-tokens.ts";

const ada = { id: randomUUID(), email: "Ada@example.com", name: "Ada Lovelace" };
const started: SupabaseAuthContract[] = [];
let project: SupabaseAuthContract;
let check: (token: string) => Promise<TokenHolder>;
const unavailable = vi.fn();

beforeEach(async () => {
  project = await startSupabaseAuthContract();
  started.push(project);
  check = createAccessTokenCheck({ supabaseUrl: project.url, onKeysUnavailable: unavailable });
  unavailable.mockClear();
});
afterAll(() => Promise.all(started.map((one) => one.stop())));

const now = () => Math.floor(Date.now() / 1000);
const refusedWith = (status: number) => ({ status, code: status === 401 ? "unauthenticated" : "unavailable" });

describe("an access token is refused", () => {
  test.each([
    ["that has expired", { exp: now() - 60 }, /expired/],
    ["that is not valid yet", { nbf: now() + 60 }, /not a valid token/],
    ["without an end", { exp: undefined }, /not a valid token/],
    ["for another audience", { aud: "somebody-else" }, /not a valid token/],
    ["for no audience", { aud: undefined }, /not a valid token/],
    ["of another issuer", { iss: "https://other.supabase.co/auth/v1" }, /not a valid token/],
    ["of no issuer", { iss: undefined }, /not a valid token/],
    ["whose subject is no uuid", { sub: "1 or 1=1" }, /claim sub/],
    ["without a subject", { sub: undefined }, /not a valid token/],
    ["without a session", { session_id: undefined }, /claim session_id/],
    ["of the role anon", { role: "anon" }, /not a signed-in person's/],
    ["of the role service_role, which the Data API would give everything", { role: "service_role" }, /not a signed-in person's/],
    ["of a role of the database", { role: "postgres" }, /not a signed-in person's/],
    ["without a role", { role: undefined }, /not a signed-in person's/],
    ["of an anonymous sign-in", { is_anonymous: true }, /anonymous/],
    ["of an account without an address", { email: "" }, /no e-mail address/],
  ])("%s", async (_, changes, reason) => {
    const attempt = check(await project.token(ada, changes));
    await expect(attempt).rejects.toMatchObject(refusedWith(401));
    await expect(attempt).rejects.toThrow(reason);
  });

  test("of which one character was changed", async () => {
    const [header, payload = "", signature] = (await project.token(ada)).split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
    const tampered = Buffer.from(JSON.stringify({ ...claims, sub: randomUUID() })).toString("base64url");
    await expect(check(`${header}.${tampered}.${signature}`)).rejects.toMatchObject(refusedWith(401));
  });

  test("that nobody signed", async () => {
    const claims = personClaims(project.issuer, ada, randomUUID());
    await expect(check(new UnsecuredJWT(claims).encode())).rejects.toMatchObject(refusedWith(401));
    const [, payload] = (await project.token(ada)).split(".");
    const header = Buffer.from(JSON.stringify({ alg: "none", kid: project.key().kid })).toString("base64url");
    await expect(check(`${header}.${payload}.`)).rejects.toMatchObject(refusedWith(401));
  });

  test("signed with a key that the project does not publish, whatever key it names", async () => {
    const stranger = await createSigningKey(project.key().kid);
    await expect(check(await project.token(ada, {}, stranger))).rejects.toMatchObject(refusedWith(401));
    const unknown = await createSigningKey("unknown");
    await expect(check(await project.token(ada, {}, unknown))).rejects.toMatchObject(refusedWith(401));
  });

  test("that brings its own key or the address of one", async () => {
    const stranger = await createSigningKey("stranger");
    const claims = personClaims(project.issuer, ada, randomUUID());
    const headers = [{ jwk: stranger.publicJwk }, { jku: "https://evil.example/jwks.json" }, { x5u: "https://evil.example/cert" }];
    for (const header of headers) {
      await expect(check(await signToken(stranger, claims, header))).rejects.toMatchObject(refusedWith(401));
    }
  });

  test("that takes the public key for a shared secret (HS256), in every form that key has", async () => {
    const { publicJwk, kid } = project.key();
    const pem = await exportSPKI((await importJWK({ ...publicJwk, ext: true }, "ES256", { extractable: true })) as CryptoKey);
    for (const secret of [pem, pem.trim(), JSON.stringify(publicJwk), publicJwk.x as string]) {
      const token = await new SignJWT(personClaims(project.issuer, ada, randomUUID()))
        .setProtectedHeader({ alg: "HS256", kid })
        .sign(new TextEncoder().encode(secret));
      await expect(check(token)).rejects.toMatchObject(refusedWith(401));
      const withSecret = createAccessTokenCheck({ supabaseUrl: project.url, jwtSecret: "the shared secret of this project, set" });
      await expect(withSecret(token)).rejects.toMatchObject(refusedWith(401));
    }
  });

  test("signed with the shared secret, unless that was set", async () => {
    const secret = "a shared secret of forty characters or so";
    const token = await new SignJWT(personClaims(project.issuer, ada, randomUUID()))
      .setProtectedHeader({ alg: "HS256" })
      .sign(new TextEncoder().encode(secret));
    await expect(check(token)).rejects.toMatchObject(refusedWith(401));
    const withSecret = createAccessTokenCheck({ supabaseUrl: project.url, jwtSecret: secret });
    expect(await withSecret(token)).toMatchObject({ userId: ada.id });
    const wrongSecret = createAccessTokenCheck({ supabaseUrl: project.url, jwtSecret: `${secret}!` });
    await expect(wrongSecret(token)).rejects.toMatchObject(refusedWith(401));
  });

  test.each([
    ["the publishable key", () => project.publishableKey],
    ["a secret key", () => "sb_secret_abcdefghijklmnop"],
    ["an empty token", () => ""],
    ["dots", () => ".."],
    ["garbage", () => "a.b.c"],
    ["a megabyte", () => `${"a".repeat(500_000)}.${"b".repeat(500_000)}.c`],
  ])("that is none: %s", async (_, token) => {
    await expect(check(token())).rejects.toMatchObject(refusedWith(401));
  });
});

describe("an access token is accepted", () => {
  test("signed by ES256 or RS256, and tells who it is", async () => {
    const session_id = randomUUID();
    const expected = { userId: ada.id, email: "ada@example.com", name: "Ada Lovelace", sessionId: session_id };
    expect(await check(await project.token(ada, { session_id }))).toEqual(expected);
    await project.rotate({ keepOld: true, alg: "RS256" });
    const anew = createAccessTokenCheck({ supabaseUrl: project.url });
    expect(await anew(await project.token(ada, { session_id }))).toEqual(expected);
  });

  test("within five seconds of clocks that differ, and not ten", async () => {
    await check(await project.token(ada, { exp: now() - 2 }));
    await check(await project.token(ada, { nbf: now() + 2 }));
    await expect(check(await project.token(ada, { exp: now() - 10 }))).rejects.toMatchObject(refusedWith(401));
  });

  test("whose metadata, which people write themselves, is anything at all: then the address lends its name", async () => {
    for (const user_metadata of [undefined, null, {}, { full_name: 7 }, { name: " " }, { full_name: { toString: "x" } }]) {
      expect((await check(await project.token(ada, { user_metadata }))).name).toBe("Ada");
    }
    expect((await check(await project.token(ada, { user_metadata: { full_name: "x".repeat(500) } }))).name).toHaveLength(100);
  });
});

describe("the project's keys", () => {
  test("are asked for once for many tokens", async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, () => project.token(ada)));
    await Promise.all(tokens.map(check));
    for (const token of tokens) await check(token);
    expect(project.keysAsked).toBe(1);
  });

  test("that cannot be had are our trouble and not the caller's, until they can", async () => {
    for (const how of ["failing", "garbage"] as const) {
      project.keysAre = how;
      const attempt = check(await project.token(ada));
      await expect(attempt).rejects.toMatchObject({ ...refusedWith(503), retryAfter: 5 });
    }
    expect(unavailable).toHaveBeenCalledTimes(2);
    project.keysAre = "there";
    expect(await check(await project.token(ada))).toMatchObject({ userId: ada.id });
  });

  test("are kept while their address is down", async () => {
    await check(await project.token(ada));
    project.keysAre = "failing";
    expect(await check(await project.token(ada))).toMatchObject({ userId: ada.id });
  });

  describe("with the clock moved", () => {
    const move = (ms: number) => vi.spyOn(Date, "now").mockReturnValue(Date.now() + ms);
    beforeEach(() => () => vi.restoreAllMocks());

    test("are asked for anew after ten minutes; a key that was withdrawn is then refused", async () => {
      const old = project.key();
      await check(await project.token(ada));
      await project.rotate({ keepOld: false });
      await check(await project.token(ada, {}, old));
      move(10 * 60_000 + 1);
      await expect(check(await project.token(ada, { exp: now() + 60 }, old))).rejects.toMatchObject(refusedWith(401));
    });

    test("that a token names and we do not know are looked for, at most every half minute", async () => {
      await check(await project.token(ada));
      await project.rotate();
      await expect(check(await project.token(ada))).rejects.toMatchObject(refusedWith(401));
      expect(project.keysAsked).toBe(1);
      move(31_000);
      expect(await check(await project.token(ada))).toMatchObject({ userId: ada.id });
      expect(project.keysAsked).toBe(2);
    });

    test("that are too old while their address is down end in 'unavailable'", async () => {
      await check(await project.token(ada));
      project.keysAre = "failing";
      move(10 * 60_000 + 1);
      await expect(check(await project.token(ada, { exp: now() + 60 }))).rejects.toMatchObject(refusedWith(503));
    });
  });
});
