import { createHmac, generateKeyPairSync, type KeyObject, randomBytes, randomUUID, sign } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** How the fake answers one call. `taken`: it has the message all the same, whatever it answers. */
export type MailFault =
  | { kind: "error"; status: number; body: unknown; retryAfterSeconds?: number }
  | { kind: "500" | "garbage" | "reset" | "silence"; taken: boolean }
  | { kind: "hang up" };

/** A mail that the fake took. */
export interface TakenMail {
  id: string;
  to: string;
  key: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of two providers.
  body: any;
}

export interface FakeMailApi {
  url: string;
  apiKey: string;
  taken: TakenMail[];
  requests: string[];
  /** The next answers; afterwards it takes everything. */
  fail(...faults: MailFault[]): void;
  stop(): Promise<void>;
}

interface Dialect {
  path: string;
  /** Every field that the provider documents, with those inside of objects behind a dot. */
  fields: ReadonlySet<string>;
  isIdempotent: boolean;
  refusal(status: number, name: string, message: string): unknown;
  toOf(body: unknown): string;
  answer(res: ServerResponse, id: string): void;
  look(path: string): unknown;
}

const resendDialect: Dialect = {
  path: "/emails",
  fields: new Set(
    "from to to.0 subject bcc cc reply_to html text headers headers.* tags tags.0 tags.0.name tags.0.value attachments scheduled_at".split(
      " ",
    ),
  ),
  isIdempotent: true,
  refusal: (statusCode, name, message) => ({ statusCode, name, message }),
  toOf: (body) => (body as { to: string[] }).to[0] ?? "",
  answer: (res, id) => json(res, 200, { id }),
  look: (path) => (path === "/domains" ? { data: [] } : undefined),
};

const sendgridDialect: Dialect = {
  path: "/v3/mail/send",
  fields: new Set(
    "personalizations personalizations.0 personalizations.0.to personalizations.0.to.0 personalizations.0.to.0.email personalizations.0.to.0.name personalizations.0.custom_args personalizations.0.custom_args.* from from.email from.name reply_to reply_to.email subject content content.0 content.0.type content.0.value content.1 content.1.type content.1.value headers headers.* custom_args categories tracking_settings tracking_settings.click_tracking tracking_settings.click_tracking.enable tracking_settings.open_tracking tracking_settings.open_tracking.enable tracking_settings.subscription_tracking tracking_settings.subscription_tracking.enable".split(
      " ",
    ),
  ),
  isIdempotent: false,
  refusal: (_status, field, message) => ({ errors: [{ message, field, help: null }] }),
  toOf: (body) => (body as { personalizations: { to: { email: string }[] }[] }).personalizations[0]?.to[0]?.email ?? "",
  answer: (res, id) => res.writeHead(202, { "x-message-id": id }).end(),
  look: (path) => (path === "/v3/scopes" ? { scopes: ["mail.send"] } : undefined),
};

export const startFakeResend = () => startFake(resendDialect);
export const startFakeSendgrid = () => startFake(sendgridDialect);

/** The API of a mail provider over HTTP. It takes no field that the provider does not document, and fails as it is told to. */
async function startFake(dialect: Dialect): Promise<FakeMailApi> {
  const apiKey = `key_${randomBytes(12).toString("hex")}`;
  const taken: TakenMail[] = [];
  const requests: string[] = [];
  const faults: MailFault[] = [];
  const refuse = (res: ServerResponse, status: number, name: string, message: string) =>
    json(res, status, dialect.refusal(status, name, message));

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<unknown> {
    requests.push(`${req.method} ${req.url}`);
    if (req.headers.authorization !== `Bearer ${apiKey}`) return refuse(res, 401, "invalid_api_key", "API key is invalid");
    const found = req.method === "GET" ? dialect.look(req.url ?? "") : undefined;
    if (found) return json(res, 200, found);
    if (req.method !== "POST" || req.url !== dialect.path) return refuse(res, 404, "not_found", "There is nothing here");
    const fault = faults.shift();
    if (fault?.kind === "hang up") return req.socket.destroy();
    const body: unknown = JSON.parse(await text(req));
    const unknown = namesIn(body).find((name) => !dialect.fields.has(name) && !dialect.fields.has(name.replace(/\.[^.]+$/, ".*")));
    if (unknown) return refuse(res, 422, "validation_error", `There is no field ${unknown}`);
    const key = req.headers["idempotency-key"] as string | undefined;
    const take = () => {
      const same = dialect.isIdempotent && key ? taken.find((one) => one.key === key) : undefined;
      if (same) return same;
      const mail = { id: randomUUID(), to: dialect.toOf(body), key, body };
      taken.push(mail);
      return mail;
    };
    if (fault?.kind === "error") {
      return json(res, fault.status, fault.body, fault.retryAfterSeconds ? { "retry-after": String(fault.retryAfterSeconds) } : {});
    }
    if (fault) {
      if (fault.taken) take();
      if (fault.kind === "500") return json(res, 500, dialect.refusal(500, "internal_server_error", "Something went wrong"));
      if (fault.kind === "garbage") return res.writeHead(200, { "content-type": "text/html" }).end("<h1>Bad gateway</h1>");
      if (fault.kind === "reset") return req.socket.destroy();
      return undefined;
    }
    const same = taken.find((one) => dialect.isIdempotent && key !== undefined && one.key === key);
    if (same && JSON.stringify(same.body) !== JSON.stringify(body))
      return refuse(res, 409, "invalid_idempotent_request", "This idempotency key has been used with another payload");
    return dialect.answer(res, take().id);
  }

  const server = createServer((req, res) => void handle(req, res).catch(() => req.socket.destroy()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey,
    taken,
    requests,
    fail: (...given) => void faults.push(...given),
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** The names of all fields of a body, those inside of others behind a dot. */
function namesIn(value: unknown, before = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inside]) => [`${before}${name}`, ...namesIn(inside, `${before}${name}.`)]);
}

const json = (res: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
  res.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));

/** A call as Resend makes it. Several secrets give several signatures. */
export function signedByResend(
  event: unknown,
  { secrets, id = `msg_${randomUUID()}`, at = Date.now() }: { secrets: readonly string[]; id?: string; at?: number },
): { headers: Record<string, string>; body: Buffer } {
  const body = Buffer.from(JSON.stringify(event));
  const time = String(Math.floor(at / 1_000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(6), "base64");
    return `v1,${createHmac("sha256", key).update(`${id}.${time}.${body.toString()}`).digest("base64")}`;
  });
  return { headers: { "svix-id": id, "svix-timestamp": time, "svix-signature": signatures.join(" ") }, body };
}

export const newResendSecret = () => `whsec_${randomBytes(24).toString("base64")}`;

/** A pair of keys as SendGrid makes one for an account. */
export function newSendgridKeys(): { privateKey: KeyObject; verificationKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  return { privateKey, verificationKey: publicKey.export({ format: "der", type: "spki" }).toString("base64") };
}

/** A call as SendGrid makes it. */
export function signedBySendgrid(
  events: unknown,
  { privateKey, at = Date.now() }: { privateKey: KeyObject; at?: number },
): { headers: Record<string, string>; body: Buffer } {
  const body = Buffer.from(JSON.stringify(events));
  const time = String(Math.floor(at / 1_000));
  const signature = sign("sha256", Buffer.concat([Buffer.from(time), body]), privateKey).toString("base64");
  return {
    headers: { "x-twilio-email-event-webhook-signature": signature, "x-twilio-email-event-webhook-timestamp": time },
    body,
  };
}
