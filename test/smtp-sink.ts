import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer, type SMTPServerSession } from "smtp-server";

/** A mail that arrived, as the SMTP server saw it. */
export interface ArrivedMail {
  from: string;
  to: string[];
  raw: Buffer;
  encrypted: boolean;
  user: string | undefined;
  parse(): Promise<ParsedMail>;
}

/**
 * An answer like "550 5.1.1 No such user". `hang` never answers, and `drop` closes the connection without an answer.
 */
export type SinkAnswer = string | "hang" | "drop" | undefined;

export interface SmtpSinkOptions {
  security?: "tls" | "starttls" | "none";
  /** The server requires this password (user "sender"). */
  password?: string;
  pipelining?: boolean;
  onMailFrom?(address: string): SinkAnswer;
  onRecipient?(address: string): SinkAnswer;
  /** Called when the whole message has arrived, before the answer. */
  onMessage?(mail: ArrivedMail): SinkAnswer;
  /** Resolves when a message is to be answered. */
  answerAfter?(): Promise<void>;
}

export interface SmtpSink {
  port: number;
  /** Messages that the server accepted. */
  accepted: ArrivedMail[];
  /** How many connections were opened so far, and which are open now. */
  connections: { opened: number; open: Set<Socket> };
  stop(): Promise<void>;
}

/** Starts a real SMTP server on this machine. It counts what arrives and fails as it is told to. */
export async function startSmtpSink(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const accepted: ArrivedMail[] = [];
  const connections = { opened: 0, open: new Set<Socket>() };
  const { security = "none" } = options;

  /** Carries out an answer, and returns whether it accepted. */
  const act = (answer: SinkAnswer, session: SMTPServerSession, done: (error?: Error) => void): boolean => {
    if (answer === "hang") return false;
    if (answer === "drop") {
      for (const socket of connections.open) if (socket.remotePort === session.remotePort) socket.destroy();
      return false;
    }
    if (answer === undefined) done();
    else done(Object.assign(new Error(answer.slice(4)), { responseCode: Number(answer.slice(0, 3)) }));
    return answer === undefined;
  };

  const server = new SMTPServer({
    secure: security === "tls",
    key: sinkKey,
    cert: sinkCertificate,
    name: "sink.test",
    logger: false,
    closeTimeout: 200,
    disabledCommands: security === "none" ? ["STARTTLS"] : [],
    authOptional: !options.password,
    allowInsecureAuth: true,
    hidePIPELINING: options.pipelining === false,
    disableReverseLookup: true,
    onAuth: (auth, _session, done) => {
      if (auth.username === "sender" && auth.password === options.password) done(null, { user: auth.username });
      else done(Object.assign(new Error("5.7.8 Authentication credentials invalid"), { responseCode: 535 }));
    },
    onMailFrom: (address, session, done) => void act(options.onMailFrom?.(address.address), session, done),
    onRcptTo: (address, session, done) => void act(options.onRecipient?.(address.address), session, done),
    onData: (stream, session, done) => {
      buffer(stream).then((raw) => {
        const { mailFrom, rcptTo } = session.envelope;
        const mail: ArrivedMail = {
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw,
          encrypted: Boolean(session.secure),
          user: session.user,
          parse: () => simpleParser(raw),
        };
        const answer = options.onMessage?.(mail);
        const finish = () => {
          if (act(answer, session, done)) accepted.push(mail);
        };
        if (options.answerAfter) options.answerAfter().then(finish, done);
        else finish();
      }, done);
    },
  });
  // The test may break a connection on purpose, so errors of connections are ignored.
  server.on("error", () => {});
  server.server.on("connection", (socket: Socket) => {
    connections.opened += 1;
    connections.open.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => connections.open.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  return {
    port: (server.server.address() as AddressInfo).port,
    accepted,
    connections,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of connections.open) socket.destroy();
      }),
  };
}

// A key for "localhost" and 127.0.0.1, made for this file and used nowhere else.
export const sinkKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNsfLEk6+Y9y7h3xN
bY2533NpY8efMxgfVVRwjxLe3zChRANCAASIT/Z+98eeURumHjpMXH/jSQNTZSJL
cY8g9teQeePV0A4fMQ0qzIIkrD/PmKNWRKp8ffigCQ+mSbVL5Og60WQH
-----END PRIVATE KEY-----`;
export const sinkCertificate = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUJC7lEq+robFvonCzbmwkVHRKUuAwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjIwMzkyMVoYDzIxMjYxMDI5
MjAzOTIxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASIT/Z+98eeURumHjpMXH/jSQNTZSJLcY8g9teQeePV0A4fMQ0qzIIk
rD/PmKNWRKp8ffigCQ+mSbVL5Og60WQHo28wbTAdBgNVHQ4EFgQUdZCc4BshN0FX
IscuC8HH2K6KJcUwHwYDVR0jBBgwFoAUdZCc4BshN0FXIscuC8HH2K6KJcUwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgSmrzpoJGAkdH1ijyJVXFd4Hl37V9j5jJk6iOSGN/FSoCIG1x
fkY8DD1ZqoC3CAtuBvmDJlHMZ72bsxnhwBuwhC75
-----END CERTIFICATE-----`;
