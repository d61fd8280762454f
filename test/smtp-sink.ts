import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer, type SMTPServerSession } from "smtp-server";

/** What arrived, as the other side saw it. */
export interface ArrivedMail {
  from: string;
  to: string[];
  raw: Buffer;
  encrypted: boolean;
  user: string | undefined;
  parse(): Promise<ParsedMail>;
}

/** An answer like "550 5.1.1 No such user"; `hang`: never answer; `drop`: close the connection without a word. */
export type SinkAnswer = string | "hang" | "drop" | undefined;

export interface SmtpSinkOptions {
  security?: "tls" | "starttls" | "none";
  /** Asks for this password (user "sender"). */
  password?: string;
  pipelining?: boolean;
  onMailFrom?(address: string): SinkAnswer;
  onRecipient?(address: string): SinkAnswer;
  /** Called when the whole message is there, before the answer. */
  onMessage?(mail: ArrivedMail): SinkAnswer;
  /** How long it takes its time before it answers a message. */
  answerAfter?(): Promise<void>;
}

export interface SmtpSink {
  port: number;
  /** Messages that the server said yes to. */
  accepted: ArrivedMail[];
  /** Connections opened so far, and open now. */
  connections: { opened: number; open: Set<Socket> };
  stop(): Promise<void>;
}

/** A real SMTP server on this machine that counts what arrives and misbehaves as told. */
export async function startSmtpSink(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const accepted: ArrivedMail[] = [];
  const connections = { opened: 0, open: new Set<Socket>() };
  const { security = "none" } = options;

  /** Acts out an answer; true when it said yes. */
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
  // A connection that the test breaks on purpose is no news.
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

// For "localhost" and 127.0.0.1, made for this file and used nowhere else.
const sinkKey = `-----BEGIN PRIVATE KEY-----
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
