import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
// The official package signs what the fake calls, so that our own check is held against it.
import twilio from "twilio";

/** A message as the fake keeps it, with the parameters of the request that made it. */
export interface FakeMessage {
  sid: string;
  accountSid: string;
  to: string;
  from: string | null;
  messagingServiceSid: string | null;
  body: string;
  status: string;
  direction: "outbound-api" | "inbound";
  errorCode: number | null;
  createdAt: Date;
  statusCallback: string | null;
  validityPeriod: number | null;
}

/**
 * How the fake answers one request for a new message. `taken` means that it has the message all the same, whatever it
 * answers; the delays are milliseconds.
 */
export type FakeAnswer =
  | { kind: "accept"; afterMs?: number }
  | { kind: "error"; status: number; code?: number; message?: string; retryAfterSeconds?: number }
  | { kind: "500" | "garbage" | "empty" | "reset" | "silence"; taken: boolean; afterMs?: number }
  /** It breaks the connection off before it has read anything. */
  | { kind: "hang up" };

/** What becomes of an accepted message: the reports in this order, some perhaps twice. */
export interface FakeCourse {
  statuses: readonly (string | { status: string; code?: number })[];
  /** Milliseconds before each report. */
  everyMs?: number;
}

export interface FakeTwilioOptions {
  accountSid?: string;
  authToken?: string;
  /** API keys that may sign in besides the auth token, by SID. */
  apiKeys?: Record<string, string>;
  /** Numbers that belong to the account; any other sender is refused (21606). Left out, all of the form of a sender are. */
  numbers?: readonly string[];
  messagingServices?: readonly string[];
  answer?(request: { to: string; body: string; tries: number }): FakeAnswer;
  course?(message: FakeMessage): FakeCourse;
  /** The error with which it answers a request for its list; undefined where it gives the list. */
  listError?(): { status: number; code: number } | undefined;
  /** Called for each message that the fake has taken. */
  onArrival?(message: FakeMessage): void;
  port?: number;
}

export interface FakeTwilio {
  url: string;
  accountSid: string;
  authToken: string;
  /** Every message that it has, oldest first: what the outside world would have received. */
  messages: FakeMessage[];
  /** Answers to the status callbacks that it made, in order. */
  callbacks: { sid: string; status: string; answer: number }[];
  /** Requests to the API, by method and path without the account. */
  requests: string[];
  /** Changes how it behaves from now on. */
  behave(options: Pick<FakeTwilioOptions, "answer" | "course" | "listError">): void;
  /** Reports a status of a message, as often as asked. Returns the HTTP statuses of the answers. */
  report(
    message: FakeMessage,
    status: string,
    more?: { code?: number; times?: number; params?: Record<string, string> },
  ): Promise<number[]>;
  /** A person writes: the message is posted to this address, and the answer returned. */
  receive(
    url: string,
    message: { from: string; to: string; body: string; sid?: string; params?: Record<string, string> },
  ): Promise<{ status: number; body: string; sid: string }>;
  /** Posts parameters to an address, signed as Twilio signs. */
  call(url: string, params: Record<string, string | string[]>, options?: { token?: string; signedUrl?: string }): Promise<Response>;
  /** Resolves when every report that was begun is over. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export const newSid = (prefix: string) => `${prefix}${randomBytes(16).toString("hex")}`;

/** The parameters that Twilio's API documents for a new message, and those of them that it knows and we never send. */
const createParams = new Set([
  ...["To", "From", "MessagingServiceSid", "Body", "StatusCallback", "ValidityPeriod"],
  ...["ApplicationSid", "MaxPrice", "ProvideFeedback", "Attempt", "ForceDelivery", "ContentRetention", "AddressRetention", "SmartEncoded"],
  ...["PersistentAction", "TrafficType", "ShortenUrls", "ScheduleType", "SendAt", "SendAsMms", "ContentVariables", "RiskCheck", "MediaUrl"],
  "ContentSid",
]);
const listParams = new Set(["To", "From", "DateSent", "DateSent<", "DateSent>", "PageSize", "Page", "PageToken"]);

/** Twilio's API for messages over HTTP. It takes no parameter that Twilio does not know, and calls back signed. */
export async function startFakeTwilio(options: FakeTwilioOptions = {}): Promise<FakeTwilio> {
  const { accountSid = newSid("AC"), authToken = randomBytes(16).toString("hex"), apiKeys = {}, numbers, messagingServices } = options;
  let { answer, course, listError } = options;
  const messages: FakeMessage[] = [];
  const callbacks: FakeTwilio["callbacks"] = [];
  const requests: string[] = [];
  const tries = new Map<string, number>();
  const open = new Set<Promise<unknown>>();
  const track = (work: Promise<unknown>) => {
    open.add(work);
    void work.catch(() => {}).finally(() => open.delete(work));
  };

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<unknown> {
    const url = new URL(req.url ?? "", "http://fake");
    const [, version, , account, ...rest] = url.pathname.split("/");
    const path = `/${rest.join("/")}`;
    requests.push(`${req.method} ${path}`);
    const refuse = (status: number, code: number, message: string, headers = {}) =>
      json(res, status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }, headers);
    if (version !== "2010-04-01" || path !== "/Messages.json")
      return refuse(404, 20404, `The requested resource ${url.pathname} was not found`);
    if (!maySignIn(req.headers.authorization, account ?? "")) return refuse(401, 20003, "Authenticate");
    if (account !== accountSid) return refuse(404, 20404, "The requested resource was not found");
    if (req.method === "GET") return list(url, res, refuse);
    if (req.method !== "POST") return refuse(405, 20004, "Method not allowed");
    return create(req, res, refuse);
  }

  function maySignIn(header: string | undefined, account: string): boolean {
    const [user, password] = Buffer.from((header ?? "").replace(/^Basic /, ""), "base64")
      .toString()
      .split(":");
    return (
      (user === account && password === authToken) || (user !== undefined && apiKeys[user] !== undefined && apiKeys[user] === password)
    );
  }

  type Refuse = (status: number, code: number, message: string, headers?: Record<string, string>) => unknown;

  async function create(req: IncomingMessage, res: ServerResponse, refuse: Refuse): Promise<unknown> {
    if (!req.headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) return refuse(415, 20415, "Unsupported media type");
    const params = new URLSearchParams(await text(req));
    const unknown = [...params.keys()].find((name) => !createParams.has(name));
    if (unknown) return refuse(400, 20001, `Twilio knows no parameter ${unknown}`);
    const problem = problemOf(params);
    if (problem) return refuse(400, problem[0], problem[1]);
    const [to, body] = [params.get("To") ?? "", params.get("Body") ?? ""];
    const key = `${to} ${body}`;
    tries.set(key, (tries.get(key) ?? 0) + 1);
    const given = answer?.({ to, body, tries: tries.get(key) ?? 1 }) ?? { kind: "accept" };
    if (given.kind === "hang up") return req.socket.destroy();
    if (given.kind === "error") {
      const headers = given.retryAfterSeconds === undefined ? undefined : { "retry-after": String(given.retryAfterSeconds) };
      if (given.code === undefined) return res.writeHead(given.status, headers).end("<html>A gateway</html>");
      return refuse(given.status, given.code, given.message ?? "It was refused", headers);
    }
    const message = given.kind === "accept" || given.taken ? take(params) : undefined;
    if (given.afterMs) await sleep(given.afterMs);
    if (given.kind === "silence") return;
    if (given.kind === "reset") return req.socket.resetAndDestroy();
    if (given.kind === "500") return refuse(500, 20500, "An internal server error has occurred");
    if (given.kind === "garbage") return res.writeHead(201, { "content-type": "application/json" }).end("<html>Bad gateway");
    if (given.kind === "empty" || !message) return res.writeHead(201).end();
    return json(res, 201, asResource(message));
  }

  function problemOf(params: URLSearchParams): [number, string] | undefined {
    const [to, from, service] = [params.get("To"), params.get("From"), params.get("MessagingServiceSid")];
    if (!to) return [21604, "A 'To' phone number is required."];
    if (!/^\+[1-9]\d{6,14}$/.test(to)) return [21211, `Invalid 'To' Phone Number: ${to}`];
    if (!params.get("Body")) return [21602, "Message body is required."];
    if ((params.get("Body") ?? "").length > 1600) return [21617, "The concatenated message body exceeds the 1600 character limit"];
    if (!from && !service) return [21603, "A 'From' phone number is required."];
    if (from && (numbers ? !numbers.includes(from) : !/^(\+[1-9]\d{6,14}|\d{3,8}|[\w &+-]{1,11})$/.test(from)))
      return [21606, `The 'From' phone number ${from} is not a valid, SMS-capable inbound phone number or short code for your account.`];
    if (service && messagingServices && !messagingServices.includes(service)) return [21705, "The Messaging Service Sid is invalid"];
    const validity = params.get("ValidityPeriod");
    if (validity !== null && !(Number(validity) >= 1 && Number(validity) <= 36_000)) return [21620, "Invalid ValidityPeriod"];
    const callback = params.get("StatusCallback");
    if (callback !== null && !URL.canParse(callback)) return [21609, "Invalid 'StatusCallback' URL"];
    return undefined;
  }

  function take(params: URLSearchParams): FakeMessage {
    const service = params.get("MessagingServiceSid");
    const message: FakeMessage = {
      sid: newSid("SM"),
      accountSid,
      to: params.get("To") ?? "",
      from: params.get("From") ?? (service ? (numbers?.[0] ?? "+15550009999") : null),
      messagingServiceSid: service,
      body: params.get("Body") ?? "",
      status: service ? "accepted" : "queued",
      direction: "outbound-api",
      errorCode: null,
      createdAt: new Date(),
      statusCallback: params.get("StatusCallback"),
      validityPeriod: Number(params.get("ValidityPeriod")) || null,
    };
    messages.push(message);
    options.onArrival?.(message);
    track(runCourse(message));
    return message;
  }

  async function runCourse(message: FakeMessage): Promise<void> {
    const { statuses, everyMs = 0 } = course?.(message) ?? { statuses: [] };
    for (const one of statuses) {
      await sleep(everyMs);
      const { status, code } = typeof one === "string" ? { status: one, code: undefined } : one;
      await report(message, status, { code }).catch(() => {});
    }
  }

  const report: FakeTwilio["report"] = async (message, status, { code, times = 1, params = {} } = {}) => {
    message.status = status;
    message.errorCode = code ?? null;
    if (!message.statusCallback) return [];
    const answers: number[] = [];
    for (let i = 0; i < times; i += 1) {
      const { status: answered } = await call(message.statusCallback, {
        AccountSid: message.accountSid,
        ApiVersion: "2010-04-01",
        MessageSid: message.sid,
        SmsSid: message.sid,
        MessageStatus: status,
        SmsStatus: status,
        From: message.from ?? "",
        To: message.to,
        ...(message.messagingServiceSid && { MessagingServiceSid: message.messagingServiceSid }),
        ...(code !== undefined && { ErrorCode: String(code) }),
        ...params,
      });
      callbacks.push({ sid: message.sid, status, answer: answered });
      answers.push(answered);
    }
    return answers;
  };

  const call: FakeTwilio["call"] = async (url, params, { token = authToken, signedUrl = url } = {}) => {
    const signature = twilio.getExpectedTwilioSignature(token, signedUrl, params);
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(params)) for (const one of [value].flat()) form.append(name, one);
    return fetch(url, {
      method: "POST",
      body: form.toString(),
      headers: {
        "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
        "x-twilio-signature": signature,
        "i-twilio-idempotency-token": randomBytes(16).toString("hex"),
        "user-agent": "TwilioProxy/1.1",
      },
    });
  };

  const receive: FakeTwilio["receive"] = async (url, { from, to, body, sid = newSid("SM"), params = {} }) => {
    const response = await call(url, {
      ToCountry: "US",
      MessageSid: sid,
      SmsSid: sid,
      SmsMessageSid: sid,
      SmsStatus: "received",
      AccountSid: accountSid,
      NumMedia: "0",
      NumSegments: "1",
      ApiVersion: "2010-04-01",
      Body: body,
      From: from,
      To: to,
      ...params,
    });
    return { status: response.status, body: await response.text(), sid };
  };

  function list(url: URL, res: ServerResponse, refuse: Refuse): unknown {
    const unknown = [...url.searchParams.keys()].find((name) => !listParams.has(name));
    if (unknown) return refuse(400, 20001, `Twilio knows no parameter ${unknown}`);
    const size = Number(url.searchParams.get("PageSize") ?? 50);
    const page = Number(url.searchParams.get("Page") ?? 0);
    const error = listError?.();
    if (error) return refuse(error.status, error.code, "The list cannot be read");
    if (!(size >= 1 && size <= 1000)) return refuse(400, 20006, "Page size must be from 1 to 1000");
    const matching = messages
      .filter(({ to }) => !url.searchParams.get("To") || to === url.searchParams.get("To"))
      .filter(({ from }) => !url.searchParams.get("From") || from === url.searchParams.get("From"))
      .toReversed();
    const next = new URL(url);
    next.searchParams.set("Page", String(page + 1));
    const hasMore = matching.length > (page + 1) * size;
    return json(res, 200, {
      messages: matching.slice(page * size, (page + 1) * size).map(asResource),
      page,
      page_size: size,
      next_page_uri: hasMore ? `${next.pathname}${next.search}` : null,
    });
  }

  const server = createServer((req, res) => {
    // Tests break callers off in the middle of a request.
    handle(req, res).catch(() => req.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accountSid,
    authToken,
    messages,
    callbacks,
    requests,
    behave(next) {
      if ("answer" in next) answer = next.answer;
      if ("course" in next) course = next.course;
      if ("listError" in next) listError = next.listError;
    },
    report,
    receive,
    call,
    async idle() {
      while (open.size > 0) await Promise.allSettled(open);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function json(res: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): unknown {
  return res.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

const asResource = (message: FakeMessage) => ({
  account_sid: message.accountSid,
  api_version: "2010-04-01",
  body: message.body,
  date_created: message.createdAt.toUTCString().replace("GMT", "+0000"),
  date_sent: null,
  date_updated: message.createdAt.toUTCString().replace("GMT", "+0000"),
  direction: message.direction,
  error_code: message.errorCode,
  error_message: null,
  from: message.from,
  messaging_service_sid: message.messagingServiceSid,
  num_media: "0",
  num_segments: "1",
  price: null,
  price_unit: "USD",
  sid: message.sid,
  status: message.status,
  to: message.to,
  uri: `/2010-04-01/Accounts/${message.accountSid}/Messages/${message.sid}.json`,
});
