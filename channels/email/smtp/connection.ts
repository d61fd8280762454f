import { connect, isIP, type Socket } from "node:net";
import { Readable } from "node:stream";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import type { HostAddress } from "../../host-look-up.ts";
import { bareHost } from "../../host-look-up.ts";
import type { ComposedMail } from "./message.ts";
import type { SmtpSettings } from "./settings.ts";

export interface SmtpTimeouts {
  /** Milliseconds until the socket is open, and again until the server greets. */
  connect: number;
  /** Milliseconds of silence of the server after which a connection is closed. */
  idle: number;
}

export interface SmtpTarget {
  settings: SmtpSettings;
  password?: string;
  addresses: HostAddress[];
  timeouts: SmtpTimeouts;
  /** A certificate authority to trust besides the public ones (PEM). */
  ca?: string;
}

/** A failure, with how far the message got. Only before its last byte was written is it certain that it was not sent. */
export class SmtpFailure extends Error {
  override name = "SmtpFailure";
  readonly stage: "connect" | "send";
  readonly handedOver: boolean;
  readonly responseCode: number | undefined;
  readonly response: string | undefined;
  readonly command: string | undefined;
  readonly code: string | undefined;

  constructor(stage: "connect" | "send", handedOver: boolean, cause: Error) {
    super(cause.message, { cause });
    const error = cause as Partial<SmtpFailure>;
    this.stage = stage;
    this.handedOver = handedOver;
    this.responseCode = error.responseCode;
    this.response = error.response;
    this.command = error.command;
    this.code = error.code;
  }
}

/** An open, authenticated session. It takes one message at a time. */
export interface SmtpSession {
  /** False once the connection can no longer be used. This may happen during a message or between messages. */
  alive(): boolean;
  sent: number;
  /** @throws SmtpFailure */
  send(mail: ComposedMail, signal: AbortSignal): Promise<void>;
  close(): void;
}

export async function openSession(target: SmtpTarget, signal: AbortSignal): Promise<SmtpSession> {
  let socket: Socket | undefined;
  try {
    socket = await openSocket(target, signal);
    return await greet(target, socket, signal);
  } catch (error) {
    socket?.destroy();
    throw new SmtpFailure("connect", false, error as Error);
  }
}

function openSocket({ settings, addresses, timeouts }: SmtpTarget, signal: AbortSignal): Promise<Socket> {
  const timeLimit = AbortSignal.any([signal, AbortSignal.timeout(timeouts.connect)]);
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: bareHost(settings.host),
      port: settings.port,
      // The socket connects only to the addresses that were checked.
      lookup: (_host, options, done) => {
        const [first] = addresses;
        if (options.all || !first) done(first ? null : new Error("The host has no address"), addresses);
        else done(null, first.address, first.family);
      },
      autoSelectFamily: addresses.length > 1,
      autoSelectFamilyAttemptTimeout: 2000,
    });
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    const onAbort = () => fail(abortError(signal.aborted ? "Connecting took too long" : "The server did not accept a connection in time"));
    timeLimit.addEventListener("abort", onAbort, { once: true });
    socket.once("error", fail);
    socket.once("connect", () => {
      timeLimit.removeEventListener("abort", onAbort);
      socket.removeListener("error", fail);
      resolve(socket);
    });
    if (timeLimit.aborted) onAbort();
  });
}

async function greet(target: SmtpTarget, socket: Socket, signal: AbortSignal): Promise<SmtpSession> {
  const { settings, timeouts } = target;
  const host = bareHost(settings.host);
  const connection = new SMTPConnection({
    connection: socket,
    host,
    port: settings.port,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    secure: settings.security === "tls",
    requireTLS: settings.security === "starttls",
    ignoreTLS: settings.security === "none",
    connectionTimeout: timeouts.connect,
    greetingTimeout: timeouts.connect,
    socketTimeout: timeouts.idle,
    tls: { minVersion: "TLSv1.2", ...(target.ca ? { ca: target.ca } : {}) },
  });
  let alive = true;
  // Without a listener, an error of an idle connection would end the process.
  connection.on("error", () => {
    alive = false;
  });
  connection.once("end", () => {
    alive = false;
  });
  const session: SmtpSession = {
    alive: () => alive,
    sent: 0,
    send: (mail, signalOfMail) => sendMail(connection, session, mail, signalOfMail),
    close: () => {
      if (alive) connection.quit();
      alive = false;
    },
  };
  try {
    await within(connection, signal, (done) => connection.connect(done));
    if (settings.username && target.password) {
      const credentials = { user: settings.username, pass: target.password };
      await within(connection, signal, (done) => connection.login({ user: credentials.user, credentials }, done));
    }
    return session;
  } catch (error) {
    connection.close();
    throw error;
  }
}

async function sendMail(connection: SMTPConnection, session: SmtpSession, mail: ComposedMail, signal: AbortSignal): Promise<void> {
  // The library reads the body only after the server asked for it (354), and writes the closing dot after its end. From
  // the end of this stream on, the server may hold the whole message.
  let handedOver = false;
  const body = Readable.from([mail.raw], { objectMode: false });
  body.once("end", () => {
    handedOver = true;
  });
  try {
    await within(connection, signal, (done) => connection.send(mail.envelope, body, done));
    session.sent += 1;
  } catch (error) {
    const failure = new SmtpFailure("send", handedOver, error as Error);
    // A refusal ends the message and not the session. Without an answer the state of the session is unknown.
    const usable = session.alive() && failure.responseCode !== undefined && failure.responseCode !== 421 && !signal.aborted;
    if (usable) await within(connection, signal, (done) => connection.reset(done)).catch(() => connection.close());
    else connection.close();
    throw failure;
  }
}

/** Waits for a call of the connection, for its error or for the signal, whichever is first. The signal closes it. */
function within(connection: SMTPConnection, signal: AbortSignal, call: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error | null) => {
      signal.removeEventListener("abort", onAbort);
      connection.removeListener("error", settle);
      if (error) reject(error);
      else resolve();
    };
    const onAbort = () => {
      settle(abortError("The server took too long to answer"));
      connection.close();
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    connection.once("error", settle);
    call(settle);
  });
}

const abortError = (message: string): Error => Object.assign(new Error(message), { code: "ETIMEDOUT" });
