import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { DBAdapter, DBTransactionAdapter, Where } from "better-auth";

/**
 * better-auth stores session tokens in clear. Anybody who reads the sessions table (from a dump, a backup or an
 * injection) could use the session of every signed-in person. This adapter stands between better-auth and the table, so
 * that the table holds only SHA-256 hashes. A plain hash is enough for a random token of 32 characters, because it
 * cannot be guessed.
 */
export function withHashedSessionTokens(adapter: DBAdapter): DBAdapter {
  return { ...wrap(adapter), transaction: (fn) => adapter.transaction((inner) => fn(wrap(inner))) };
}

/**
 * Reads the token from the session cookie, if better-auth signed it with this secret: `token.signature`, HMAC-SHA256 in
 * base64, escaped for a cookie. better-auth itself reads the cookie that way when it signs out, so a cookie is good for
 * everything or for nothing.
 */
export function readSessionToken(cookieHeader: string | undefined, { name, secret }: { name: string; secret: string }): string | undefined {
  for (const pair of cookieHeader?.split(";") ?? []) {
    const at = pair.indexOf("=");
    if (at < 0 || pair.slice(0, at).trim() !== name) continue;
    const value = unescapeCookie(pair.slice(at + 1).trim());
    const dot = value.lastIndexOf(".");
    if (dot < 1) return undefined;
    const token = value.slice(0, dot);
    const signature = Buffer.from(value.slice(dot + 1), "base64");
    const expected = createHmac("sha256", secret).update(token).digest();
    return signature.length === expected.length && timingSafeEqual(signature, expected) ? token : undefined;
  }
  return undefined;
}

function unescapeCookie(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return "";
  }
}

export const hashToken = (token: string): string => createHash("sha256").update(token).digest("base64url");

function wrap(adapter: DBTransactionAdapter): DBTransactionAdapter {
  return {
    ...adapter,
    async create<T extends Record<string, unknown>, R = T>(request: Parameters<typeof adapter.create<T, R>>[0]): Promise<R> {
      if (request.model !== "session") return adapter.create<T, R>(request);
      const { token } = request.data as { token?: unknown };
      if (typeof token !== "string") throw new Error("A session without a token cannot be stored.");
      const data = { ...request.data, token: hashToken(token) };
      return giveBack(await adapter.create<T, R>({ ...request, data }), token);
    },
    findOne: async (request) => giveBack(await adapter.findOne(hashed(request)), tokenAskedFor(request)),
    update: async (request) => {
      if (request.model === "session" && "token" in request.update) throw new Error("A session keeps its token: make a new session.");
      return giveBack(await adapter.update(hashed(request)), tokenAskedFor(request));
    },
    updateMany: (request) => adapter.updateMany(hashed(request)),
    findMany: (request) => adapter.findMany(hashed(request)),
    count: (request) => adapter.count(hashed(request)),
    delete: (request) => adapter.delete(hashed(request)),
    deleteMany: (request) => adapter.deleteMany(hashed(request)),
    consumeOne: (request) => adapter.consumeOne(hashed(request)),
    incrementOne: (request) => adapter.incrementOne(hashed(request)),
  };
}

interface Request {
  model: string;
  where?: Where[] | undefined;
}

function hashed<T extends Request>(request: T): T {
  if (request.model !== "session" || !request.where) return request;
  return { ...request, where: request.where.map((test) => (test.field === "token" ? { ...test, value: hashValue(test.value) } : test)) };
}

function hashValue(value: Where["value"]): Where["value"] {
  return Array.isArray(value) ? value.map((one) => hashToken(String(one))) : hashToken(String(value));
}

/**
 * better-auth makes the cookie from the row that the adapter returns. The row therefore gets the real token wherever it
 * is known.
 */
function giveBack<T>(row: T, token: string | undefined): T {
  return row && token !== undefined ? { ...row, token } : row;
}

function tokenAskedFor({ model, where }: Request): string | undefined {
  if (model !== "session") return undefined;
  const value = where?.find(({ field }) => field === "token")?.value;
  return typeof value === "string" ? value : undefined;
}
