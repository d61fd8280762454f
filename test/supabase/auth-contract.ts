import { createHash, randomBytes, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createSigningKey, personClaims, type SigningKey, signToken, type TokenClaims } from "./signing-keys.ts";

// A contract fixture: the endpoints of Supabase Auth that this product uses, in the form that the real supabase-js
// expects. It is not Supabase Auth, which is not available as a package. test/supabase/live.test.ts asks a real project
// the same.

interface Account {
  id: string;
  email: string;
  password: string;
  confirmed: boolean;
  data: Record<string, unknown>;
}

interface Session {
  id: string;
  account: Account;
  refreshToken: string;
}

export interface SupabaseAuthContract {
  /** Stands for https://<project>.supabase.co. */
  url: string;
  publishableKey: string;
  issuer: string;
  /** Makes an account, as if the person had signed up long ago. */
  addAccount(email: string, password: string, name?: string): { id: string; email: string };
  /** A token for this person as the project would sign it, or with other claims or another key. */
  token(person: { id: string; email: string; name?: string }, changes?: TokenClaims, key?: SigningKey): Promise<string>;
  /** Signs with a new key from now on. With `keepOld` the tokens of the former key stay valid. */
  rotate(options?: { keepOld: boolean; alg?: SigningKey["alg"] }): Promise<SigningKey>;
  key(): SigningKey;
  /** How the endpoint of the keys behaves. */
  keysAre: "there" | "failing" | "hanging" | "garbage";
  keysAsked: number;
  /** Whether a sign-up must be confirmed by mail first. */
  confirmsByMail: boolean;
  /** The links of confirmations and resets that were mailed, newest last. */
  mails: { to: string; link: string }[];
  stop(): Promise<void>;
}

export async function startSupabaseAuthContract(options: { accessTokenSeconds?: number } = {}): Promise<SupabaseAuthContract> {
  const accounts: Account[] = [];
  let sessions: Session[] = [];
  const mailed = new Map<string, { account: Account; challenge: string; redirectTo: string }>();
  const codes = new Map<string, { account: Account; challenge: string }>();
  let keys = [await createSigningKey(randomUUID())];
  const publishableKey = `sb_publishable_${randomBytes(16).toString("base64url")}`;

  const server: Server = createServer((req, res) => {
    answer(req, res).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
      send(res, error.status, { code: error.code, message: error.message });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = `${url}/auth/v1`;

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(req.url ?? "/", url);
    const place = `${req.method} ${pathname.replace("/auth/v1", "")}`;
    // Browsers ask first whether another origin may send these headers.
    res.setHeader("Access-Control-Allow-Origin", req.headers.origin ?? "*");
    res.setHeader("Access-Control-Allow-Headers", req.headers["access-control-request-headers"] ?? "*");
    res.setHeader("Access-Control-Allow-Methods", "GET, POST, PUT, OPTIONS");
    res.setHeader("X-Supabase-Api-Version", "2024-01-01");
    res.setHeader("Access-Control-Expose-Headers", "X-Supabase-Api-Version");
    if (req.method === "OPTIONS") return send(res, 204);
    if (place === "GET /.well-known/jwks.json") return sendKeys(res);
    if (place === "GET /verify") return openMail(res, searchParams.get("token") ?? "");
    if (req.headers.apikey !== publishableKey) throw new Refusal(401, "no_authorization", "No API key found in request");
    const body = await readBody(req);
    if (place === "POST /signup") return signUp(res, body, searchParams.get("redirect_to") ?? "");
    if (place === "POST /recover") return recover(res, body, searchParams.get("redirect_to") ?? "");
    if (place === "POST /token") return grant(res, searchParams.get("grant_type"), body);
    if (place === "POST /logout") return signOut(res, bearer(req), searchParams.get("scope") ?? "global");
    if (place === "GET /user") return send(res, 200, toUser(bearer(req).account));
    if (place === "PUT /user") {
      const { account } = bearer(req);
      if (typeof body.password === "string") account.password = checkPassword(body.password);
      return send(res, 200, toUser(account));
    }
    throw new Refusal(404, "not_found", `This fixture does not know ${place}`);
  }

  function sendKeys(res: ServerResponse): void {
    contract.keysAsked += 1;
    if (contract.keysAre === "hanging") return;
    if (contract.keysAre === "failing") send(res, 500, { message: "down" });
    else if (contract.keysAre === "garbage") res.end("<html>");
    else send(res, 200, { keys: keys.map(({ publicJwk }) => publicJwk) });
  }

  async function signUp(res: ServerResponse, body: Body, redirectTo: string): Promise<void> {
    const email = String(body.email).toLowerCase();
    const known = accounts.find((account) => account.email === email);
    // The answer does not reveal whether an address has an account: with confirmations on it is the same, without a
    // mail.
    if (known && !contract.confirmsByMail) throw new Refusal(422, "user_already_exists", "User already registered");
    const account = known ?? addAccount(email, checkPassword(String(body.password)), (body.data ?? {}) as Record<string, unknown>);
    if (!contract.confirmsByMail) return send(res, 200, await open(account));
    account.confirmed = known?.confirmed ?? false;
    if (!known) mail(account, String(body.code_challenge ?? ""), redirectTo);
    send(res, 200, toUser(account));
  }

  function recover(res: ServerResponse, body: Body, redirectTo: string): void {
    const account = accounts.find(({ email }) => email === String(body.email).toLowerCase());
    if (account) mail(account, String(body.code_challenge ?? ""), redirectTo);
    send(res, 200, {});
  }

  function mail(account: Account, challenge: string, redirectTo: string): void {
    const token = randomBytes(20).toString("hex");
    mailed.set(token, { account, challenge, redirectTo });
    contract.mails.push({ to: account.email, link: `${issuer}/verify?token=pkce_${token}&redirect_to=${encodeURIComponent(redirectTo)}` });
  }

  /**
   * Opens the link of a mail. It confirms the address and sends the browser back with a code that only this browser can
   * exchange.
   */
  function openMail(res: ServerResponse, token: string): void {
    const found = mailed.get(token.replace(/^pkce_/, ""));
    if (!found) throw new Refusal(403, "otp_expired", "Email link is invalid or has expired");
    mailed.delete(token.replace(/^pkce_/, ""));
    found.account.confirmed = true;
    const code = randomUUID();
    codes.set(code, found);
    const target = new URL(found.redirectTo);
    target.searchParams.set("code", code);
    res.writeHead(303, { Location: target.href }).end();
  }

  async function grant(res: ServerResponse, type: string | null, body: Body): Promise<void> {
    if (type === "password") {
      const account = accounts.find(({ email, password }) => email === String(body.email).toLowerCase() && password === body.password);
      if (!account) throw new Refusal(400, "invalid_credentials", "Invalid login credentials");
      if (!account.confirmed) throw new Refusal(400, "email_not_confirmed", "Email not confirmed");
      return send(res, 200, await open(account));
    }
    if (type === "pkce") {
      const found = codes.get(String(body.auth_code));
      const challenge = createHash("sha256").update(String(body.code_verifier)).digest("base64url");
      if (!found || challenge !== found.challenge) throw new Refusal(400, "bad_code_verifier", "code challenge does not match");
      codes.delete(String(body.auth_code));
      return send(res, 200, await open(found.account));
    }
    const session = sessions.find(({ refreshToken }) => refreshToken === body.refresh_token);
    if (type !== "refresh_token" || !session)
      throw new Refusal(400, "refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found");
    session.refreshToken = randomBytes(12).toString("base64url");
    send(res, 200, await toAnswer(session));
  }

  function signOut(res: ServerResponse, session: Session, scope: string): void {
    sessions = sessions.filter((one) => {
      if (scope === "local") return one !== session;
      return one.account !== session.account || (scope === "others" && one === session);
    });
    send(res, 204);
  }

  function bearer(req: IncomingMessage): Session {
    const [, payload = ""] = (req.headers.authorization ?? "").split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString() || "{}") as { session_id?: string };
    const session = sessions.find(({ id }) => id === claims.session_id);
    if (!session) throw new Refusal(403, "session_not_found", "Session from session_id claim in JWT does not exist");
    return session;
  }

  function addAccount(email: string, password: string, data: Record<string, unknown> = {}): Account {
    const account = { id: randomUUID(), email, password, confirmed: true, data };
    accounts.push(account);
    return account;
  }

  async function open(account: Account): Promise<object> {
    const session = { id: randomUUID(), account, refreshToken: randomBytes(12).toString("base64url") };
    sessions.push(session);
    return toAnswer(session);
  }

  async function toAnswer({ id, account, refreshToken }: Session): Promise<object> {
    const seconds = options.accessTokenSeconds ?? 3_600;
    const claims = personClaims(issuer, { ...account, ...(account.data.full_name ? { name: String(account.data.full_name) } : {}) }, id);
    const exp = Number(claims.iat) + seconds;
    return {
      access_token: await signToken(contract.key(), { ...claims, exp }),
      token_type: "bearer",
      expires_in: seconds,
      expires_at: exp,
      refresh_token: refreshToken,
      user: toUser(account),
    };
  }

  const contract: SupabaseAuthContract = {
    url,
    publishableKey,
    issuer,
    keysAre: "there",
    keysAsked: 0,
    confirmsByMail: false,
    mails: [],
    addAccount: (email, password, name) => addAccount(email, password, name === undefined ? {} : { full_name: name }),
    token: (person, changes = {}, key = contract.key()) => signToken(key, { ...personClaims(issuer, person, randomUUID()), ...changes }),
    key: () => keys.at(-1) as SigningKey,
    async rotate({ keepOld, alg } = { keepOld: true }) {
      keys = [...(keepOld ? keys : []), await createSigningKey(randomUUID(), alg)];
      return contract.key();
    },
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return contract;
}

type Body = Record<string, unknown>;

class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

function checkPassword(password: string): string {
  if (password.length < 6) throw new Refusal(422, "weak_password", "Password should be at least 6 characters.");
  return password;
}

const toUser = ({ id, email, confirmed, data }: Account) => ({
  id,
  aud: "authenticated",
  role: "authenticated",
  email,
  phone: "",
  is_anonymous: false,
  identities: [],
  ...(confirmed ? { email_confirmed_at: new Date().toISOString() } : { confirmation_sent_at: new Date().toISOString() }),
  app_metadata: { provider: "email", providers: ["email"] },
  user_metadata: data,
  created_at: new Date().toISOString(),
});

function send(res: ServerResponse, status: number, body?: unknown): void {
  res.writeHead(status, body === undefined ? {} : { "Content-Type": "application/json" });
  res.end(body === undefined ? undefined : JSON.stringify(body));
}

async function readBody(req: IncomingMessage): Promise<Body> {
  const parts: Buffer[] = [];
  for await (const part of req) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  return text === "" ? {} : (JSON.parse(text) as Body);
}
