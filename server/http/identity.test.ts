import { createHash } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quickHashing, startTestApp, type TestApp, testPassword } from "#test/app.ts";
import { createClient } from "#test/http-client.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ trustedProxies: ["127.0.0.1"] });
});
afterAll(() => app.stop());

/** The test app trusts 127.0.0.1 as a proxy, so each test can come from an address of its own. */
const from = (address: string) => ({ "x-forwarded-for": address });
const cookieOf = (headers: Headers): string => (headers.getSetCookie()[0] as string).split(";")[0] as string;

describe("signing in", () => {
  test("never returns the session's token, only sets it as a cookie that scripts and other sites cannot use", async () => {
    const { email } = await app.signUp();
    const { status, text, headers } = await app.nobody.post("/api/session", { email: email.toUpperCase(), password: testPassword });
    expect(status).toBe(200);
    const [cookie = ""] = headers.getSetCookie();
    expect(cookie).toMatch(/^sluice_session=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/);
    const token = (cookie.split("=")[1] as string).split(".")[0] as string;
    expect(text).not.toContain(token);
  });

  test("leaves only a hash of the token in the database", async () => {
    const { email } = await app.signUp();
    const { headers } = await app.nobody.post("/api/session", { email, password: testPassword });
    const token = (cookieOf(headers).split("=")[1] as string).split(".")[0] as string;
    const { rows } = await sql<{ row: string }>`select s::text as row from private.sessions s`.execute(app.db.owner);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.some(({ row }) => row.includes(token))).toBe(false);
    expect(rows.some(({ row }) => row.includes(createHash("sha256").update(token).digest("base64url")))).toBe(true);
  });

  test("gives a new session each time: one planted before is worth nothing", async () => {
    const { email } = await app.signUp();
    const planted = "sluice_session=plantedplantedplantedplantedplan.signature";
    const { headers } = await app.nobody.post(
      "/api/session",
      { email, password: testPassword },
      { headers: { cookie: planted, origin: app.url } },
    );
    expect(cookieOf(headers)).not.toContain("planted");
    expect((await createClient(app.url, { cookie: planted }).get("/api/account/sessions")).status).toBe(401);
  });
});

describe("guessing passwords", () => {
  test("ends after five wrong ones for an account from one address, and the right one then has to wait too", async () => {
    const { email } = await app.signUp();
    const attempt = (password: string, address: string) => app.nobody.post("/api/session", { email, password }, { headers: from(address) });
    const statuses = [];
    for (let round = 0; round < 7; round++) statuses.push((await attempt(`wrong password ${round}`, "198.51.100.1")).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
    const locked = await attempt(testPassword, "198.51.100.1");
    expect([locked.status, locked.body.code]).toEqual([429, "too_many_requests"]);
    expect(Number(locked.headers.get("retry-after"))).toBeGreaterThan(800);
    // The person at another address is not locked out by it.
    expect((await attempt(testPassword, "198.51.100.2")).status).toBe(200);
  });

  test("a hundred at once are counted one by one", async () => {
    const { email } = await app.signUp();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, round) =>
        app.nobody.post("/api/session", { email, password: `wrong password ${round}` }, { headers: from("198.51.100.9") }),
      ),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(95);
  });

  test("over many accounts ends after twenty from one address, and one /64 is one address", async () => {
    const statuses = [];
    for (let round = 0; round < 24; round++) {
      const address = `2001:db8:7:7::${round.toString(16)}`;
      statuses.push(
        (
          await app.nobody.post(
            "/api/session",
            { email: `a${round}@example.com`, password: "wrong password 12" },
            { headers: from(address) },
          )
        ).status,
      );
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(20);
    expect(statuses.slice(20)).toEqual([429, 429, 429, 429]);
  });

  test("counts the address first: what it tries after its twenty does not lock anybody's account", async () => {
    const { email } = await app.signUp();
    const wrong = (of: string, address: string) =>
      app.nobody.post("/api/session", { email: of, password: "wrong password 12" }, { headers: from(address) });
    for (let round = 0; round < 20; round++) await wrong(`b${round}@example.com`, "198.51.100.77");
    const before = await sql<{ n: number }>`select count(*)::int as n from private.rate_limits`.execute(app.db.owner);
    for (let round = 0; round < 120; round++) expect((await wrong(email, "198.51.100.77")).status).toBe(429);
    const after = await sql<{ n: number }>`select count(*)::int as n from private.rate_limits`.execute(app.db.owner);
    expect(after.rows).toEqual(before.rows);
    expect((await wrong(email, "198.51.100.78")).status).toBe(401);
    expect((await app.nobody.post("/api/session", { email, password: testPassword }, { headers: from("198.51.100.78") })).status).toBe(200);
  });

  test("knows an IPv4 address in each of its spellings as one", async () => {
    const spellings = ["203.0.113.99", "::ffff:203.0.113.99", "::FFFF:cb00:7163", "0:0:0:0:0:ffff:203.0.113.99"];
    const statuses = [];
    for (let round = 0; round < 24; round++) {
      const answer = await app.nobody.post(
        "/api/session",
        { email: `c${round}@example.com`, password: "wrong password 12" },
        { headers: from(spellings[round % spellings.length] as string) },
      );
      statuses.push(answer.status);
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(20);
    expect(statuses.slice(20)).toEqual([429, 429, 429, 429]);
  });

  test("one person who forgot the password does not lock out the office behind the same address", async () => {
    const [forgot, other] = [await app.signUp(), await app.signUp()];
    const at = { headers: from("203.0.113.60") };
    for (let round = 0; round < 40; round++)
      await app.nobody.post("/api/session", { email: forgot.email, password: "wrong password 12" }, at);
    expect((await app.nobody.post("/api/session", { email: other.email, password: testPassword }, at)).status).toBe(200);
  });

  test("with somebody's session is limited as well", async () => {
    const { client } = await app.signUp();
    const statuses = [];
    for (let round = 0; round < 7; round++) {
      const body = { currentPassword: `wrong password ${round}`, newPassword: "a whole new phrase" };
      statuses.push((await client.post("/api/account/password", body, { headers: from("198.51.100.55") })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
  });

  test("right passwords do not count: an office behind one address may all sign in", async () => {
    const { email } = await app.signUp();
    for (let round = 0; round < 25; round++) {
      const { status } = await app.nobody.post("/api/session", { email, password: testPassword }, { headers: from("203.0.113.50") });
      expect(status).toBe(200);
    }
    for (let round = 0; round < 25; round++) {
      const { status } = await app.nobody.post("/api/session", { email, password: testPassword }, { headers: from("2001:db8:9:9::1") });
      expect(status).toBe(200);
    }
  });
});

describe("a session", () => {
  const sessionsOf = (userId: string) => app.db.owner.updateTable("private.sessions").where("user_id", "=", userId);

  test("ends without use after 7 days and, however used, after 30", async () => {
    const idle = await app.signUp();
    await sessionsOf(idle.userId).set({ expires_at: sql`now() - interval '1 second'` }).execute();
    expect((await idle.client.get("/api/account/sessions")).status).toBe(401);
    const old = await app.signUp();
    await sessionsOf(old.userId)
      .set({ created_at: sql`now() - interval '30 days 1 second'`, expires_at: sql`now() + interval '7 days'` })
      .execute();
    expect((await old.client.get("/api/account/sessions")).status).toBe(401);
  });

  test("in use is renewed once a day, with its cookie", async () => {
    const { client, userId } = await app.signUp();
    expect((await client.get("/api/account/sessions")).headers.getSetCookie()).toEqual([]);
    await sessionsOf(userId).set({ expires_at: sql`now() + interval '2 days'` }).execute();
    const { status, headers } = await client.get("/api/account/sessions");
    expect(status).toBe(200);
    expect(headers.getSetCookie()[0]).toContain("Max-Age=604800");
    const row = await app.db.owner
      .selectFrom("private.sessions")
      .select(sql<boolean>`expires_at > now() + interval '6 days 23 hours'`.as("renewed"))
      .where("user_id", "=", userId)
      .executeTakeFirstOrThrow();
    expect(row.renewed).toBe(true);
    expect((await client.get("/api/account/sessions")).status).toBe(200);
  });

  test("is listed with where it was opened, and the current one is marked", async () => {
    const { client, email } = await app.signUp();
    await app.signIn(email);
    const { items } = (await client.get("/api/account/sessions")).body;
    expect(items).toHaveLength(2);
    expect(items.filter((item: { current: boolean }) => item.current)).toHaveLength(1);
  });

  test("that was revoked elsewhere is refused on the next request; somebody else's cannot be revoked", async () => {
    const { client, email } = await app.signUp();
    const other = await app.signIn(email);
    const stranger = (await app.signUp()).client;
    const { items } = (await client.get("/api/account/sessions")).body;
    const target = items.find((item: { current: boolean }) => !item.current).id;
    expect((await stranger.delete(`/api/account/sessions/${target}`)).status).toBe(404);
    expect((await other.get("/api/account/sessions")).status).toBe(200);
    expect((await client.delete(`/api/account/sessions/${target}`)).status).toBe(200);
    expect((await other.get("/api/account/sessions")).status).toBe(401);
  });

  test("is known by its whole cookie: the token without its signature, or with another one, opens nothing", async () => {
    const { client } = await app.signUp();
    const cookie = client.headers.cookie as string;
    const [name, value] = [cookie.slice(0, cookie.indexOf("=")), decodeURIComponent(cookie.slice(cookie.indexOf("=") + 1))];
    const token = value.split(".")[0] as string;
    const other = decodeURIComponent((await app.signUp()).client.headers.cookie?.split(".")[1] as string);
    const forged = [
      token,
      `${token}.`,
      `${token}.x`,
      `${token}.${other}`,
      `${token}x.${value.split(".")[1]}`,
      `.${value.split(".")[1]}`,
      "%E0%A4%A",
    ];
    for (const given of forged) {
      const stolen = createClient(app.url, { cookie: `${name}=${encodeURIComponent(given)}`, origin: app.url });
      expect([given, (await stolen.get("/api/account/sessions")).status]).toEqual([given, 401]);
      expect([given, (await stolen.delete("/api/session")).status]).toEqual([given, 401]);
    }
    expect((await client.get("/api/account/sessions")).status).toBe(200);
  });

  test("is over after signing out, and its cookie is cleared", async () => {
    const { client } = await app.signUp();
    const { status, headers } = await client.delete("/api/session");
    expect(status).toBe(200);
    expect(headers.getSetCookie()[0]).toMatch(/^sluice_session=; Max-Age=0/);
    expect((await client.get("/api/account/sessions")).status).toBe(401);
  });
});

describe("changing the password", () => {
  test("needs the current one, and a new one of 12 characters", async () => {
    const { client } = await app.signUp();
    const wrong = await client.post("/api/account/password", { currentPassword: "not this one 1", newPassword: "a whole new phrase" });
    expect([wrong.status, wrong.body.code]).toEqual([401, "wrong_credentials"]);
    const short = await client.post("/api/account/password", { currentPassword: testPassword, newPassword: "short" });
    expect([short.status, short.body.problems[0].path]).toEqual([400, "newPassword"]);
  });

  test("takes no common password and none that is one's own", async () => {
    const { client, email } = await app.signUp("Nina Nowak");
    for (const newPassword of ["password1234", "Nina-Nowak-2026", email]) {
      const { status, body } = await client.post("/api/account/password", { currentPassword: testPassword, newPassword });
      expect([newPassword, status, body.problems?.[0]?.path]).toEqual([newPassword, 400, "newPassword"]);
    }
    expect((await client.get("/api/account/sessions")).status).toBe(200);
  });

  test("ends every other session, stolen ones too, and this one goes on under a new cookie", async () => {
    const { client, email } = await app.signUp();
    const other = await app.signIn(email);
    const { status, headers } = await client.post("/api/account/password", {
      currentPassword: testPassword,
      newPassword: "a whole new phrase",
    });
    expect(status).toBe(200);
    expect((await other.get("/api/account/sessions")).status).toBe(401);
    expect((await client.get("/api/account/sessions")).status).toBe(401);
    const renewed = createClient(app.url, { cookie: cookieOf(headers), origin: app.url });
    expect((await renewed.get("/api/account/sessions")).body.items).toHaveLength(1);
    expect((await app.nobody.post("/api/session", { email, password: "a whole new phrase" })).status).toBe(200);
    expect((await app.nobody.post("/api/session", { email, password: testPassword })).status).toBe(401);
  });
});

describe("without a trusted proxy", () => {
  let direct: TestApp;
  beforeAll(async () => {
    direct = await startTestApp();
  });
  afterAll(() => direct.stop());

  test("a thousand invented X-Forwarded-For headers from one socket still end in 429", async () => {
    const { email } = await direct.signUp();
    const counts = new Map<number, number>();
    for (let batch = 0; batch < 50; batch++) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => {
          const invented = `10.${batch}.${index}.1`;
          const headers = {
            "x-forwarded-for": invented,
            "x-real-ip": invented,
            forwarded: `for=${invented}`,
            "x-sluice-address": invented,
            "cf-connecting-ip": invented,
          };
          return direct.nobody.post(
            "/api/session",
            { email: batch % 2 ? email : `x${batch}.${index}@example.com`, password: "wrong password 12" },
            { headers },
          );
        }),
      );
      for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
    }
    expect(counts.get(401)).toBeLessThanOrEqual(20);
    expect(counts.get(429)).toBeGreaterThanOrEqual(980);
  });
});

test("signing in is refused alike for a wrong password and an unknown address: in the same words, after the same hashing", async () => {
  // Hashing is what takes the time: a tenth of a second, beside a few milliseconds for the rest.
  let hashed = 0;
  const hashing = {
    hash: (password: string) => {
      hashed += 1;
      return quickHashing.hash(password);
    },
    verify: (given: { hash: string; password: string }) => {
      hashed += 1;
      return quickHashing.verify(given);
    },
  };
  const app = await startTestApp({ trustedProxies: ["127.0.0.1"], hashing });
  const { email } = await app.signUp();
  const attempt = async (address: string, of: string) => {
    const before = hashed;
    const { status, text } = await app.nobody.post(
      "/api/session",
      { email: of, password: "wrong password 12" },
      { headers: { ...from(address), "x-request-id": "same-request" } },
    );
    return { status, text, hashed: hashed - before };
  };
  const known = await attempt("192.0.2.1", email);
  expect([known.status, known.hashed]).toEqual([401, 1]);
  expect(await attempt("192.0.2.2", "nobody.1@example.com")).toEqual(known);
  await app.stop();
});

test("on https the cookie is bound to this host and travels encrypted only", async () => {
  const secure = await startTestApp({ publicUrl: "https://sluice.example.com" });
  try {
    const { email } = await secure.signUp();
    const { headers } = await secure.nobody.post("/api/session", { email, password: testPassword });
    const [cookie = ""] = headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-sluice_session=[^;]+; .*Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    expect(cookie).not.toContain("Domain");
    const client = createClient(secure.url, { cookie: cookieOf(headers) });
    expect((await client.get("/api/session")).body.user.email).toBe(email);
  } finally {
    await secure.stop();
  }
});
