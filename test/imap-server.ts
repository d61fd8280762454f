import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { sinkCertificate, sinkKey } from "./smtp-sink.ts";

export const mailboxUser = "reader@salon.example";
export const mailboxPassword = "canary-mailbox-canary";

interface StoredMail {
  uid: number;
  raw: Buffer;
  arrivedAt: Date;
}

export interface ImapServer {
  port: number;
  /** Puts a mail into the INBOX, and returns its UID. */
  deliver(raw: string | Buffer, options?: { arrivedAt?: Date }): number;
  /** Numbers all mail anew from 1, with another UIDVALIDITY, as after a move to another server. */
  renumber(): void;
  /** Every command that came, without the password. */
  commands: string[];
  /** UIDs whose bodies were sent. */
  sent: number[];
  /** Breaks the connection in the middle of the next body. */
  breakNextBody(): void;
  /** Says NO to the next sign-ins, whatever the password. */
  refuseSignIns(refuse: boolean): void;
  signIns: number;
  open: Set<Socket>;
  stop(): Promise<void>;
}

/**
 * An IMAP server with one folder, as far as a reader needs one (RFC 3501): it keeps UIDs and UIDVALIDITY, tells sizes and dates, sends
 * parts of bodies, and refuses whatever would change the mailbox.
 */
export async function startImapServer({ security = "none" }: { security?: "none" | "tls" } = {}): Promise<ImapServer> {
  let uidValidity = 1_700_000_001;
  let uidNext = 1;
  let breaksBody = false;
  let refuses = false;
  let mails: StoredMail[] = [];
  const open = new Set<Socket>();
  const commands: string[] = [];
  const sent: number[] = [];
  const server = security === "tls" ? createTlsServer({ key: sinkKey, cert: sinkCertificate }, serve) : createServer(serve);
  const result: ImapServer = {
    port: 0,
    deliver(raw, { arrivedAt = new Date() } = {}) {
      const uid = uidNext;
      uidNext += 1;
      mails.push({ uid, raw: Buffer.isBuffer(raw) ? raw : Buffer.from(raw.replaceAll(/\r?\n/g, "\r\n")), arrivedAt });
      return uid;
    },
    renumber() {
      uidValidity += 1;
      mails = mails.map((mail, index) => ({ ...mail, uid: index + 1 }));
      uidNext = mails.length + 1;
    },
    commands,
    sent,
    breakNextBody() {
      breaksBody = true;
    },
    refuseSignIns(refuse) {
      refuses = refuse;
    },
    signIns: 0,
    open,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };

  function serve(socket: Socket): void {
    let state: "new" | "in" | "selected" = "new";
    let input = Buffer.alloc(0);
    open.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => open.delete(socket));
    const say = (line: string) => void socket.write(`${line}\r\n`);
    say("* OK IMAP server of a test");

    socket.on("data", (bytes: Buffer) => {
      input = Buffer.concat([input, bytes]);
      for (let line = takeLine(); line !== undefined; line = takeLine()) answer(line);
    });

    /** One command with its literals in the place where they stand; undefined until all of it is here. */
    function takeLine(): string | undefined {
      let line = "";
      let at = 0;
      for (;;) {
        const end = input.indexOf("\r\n", at);
        if (end === -1) return undefined;
        line += input.subarray(at, end).toString("utf8");
        at = end + 2;
        const literal = /\{(\d+)\}$/.exec(line);
        if (!literal) break;
        const length = Number(literal[1]);
        if (input.length === at) say("+ go on");
        if (input.length < at + length) return undefined;
        line = `${line.slice(0, -literal[0].length)}"${input.subarray(at, at + length).toString("utf8")}"`;
        at += length;
      }
      input = input.subarray(at);
      return line;
    }

    function answer(line: string): unknown {
      const [, tag = "*", command = "", rest = ""] = /^(\S+) (UID \S+|\S+) ?(.*)$/s.exec(line) ?? [];
      const name = command.toUpperCase();
      commands.push(name === "LOGIN" ? "LOGIN" : `${name} ${rest}`.trim());
      const ok = (words = "done") => say(`${tag} OK ${words}`);
      const no = (words: string) => say(`${tag} NO ${words}`);
      if (name === "CAPABILITY") {
        say("* CAPABILITY IMAP4rev1");
        return ok();
      }
      if (name === "NOOP") return ok();
      if (name === "LOGOUT") {
        say("* BYE see you");
        ok();
        return void socket.end();
      }
      if (name === "LOGIN") {
        result.signIns += 1;
        const right = !refuses && rest.includes(mailboxUser) && rest.includes(mailboxPassword);
        if (!right) return no("[AUTHENTICATIONFAILED] Authentication failed.");
        state = "in";
        return ok();
      }
      if (state === "new") return no("Sign in first");
      if (name === "NAMESPACE") {
        say('* NAMESPACE (("" "/")) NIL NIL');
        return ok();
      }
      if (name === "LIST" || name === "LSUB") {
        if (rest.includes("INBOX") || rest.includes("*")) say(`* ${name} (\\HasNoChildren) "/" INBOX`);
        return ok();
      }
      if (name === "EXAMINE") {
        if (rest.replaceAll('"', "") !== "INBOX") return no("[NONEXISTENT] No such folder");
        state = "selected";
        say(`* ${mails.length} EXISTS`);
        say("* 0 RECENT");
        say("* FLAGS (\\Seen \\Deleted)");
        say(`* OK [UIDVALIDITY ${uidValidity}] valid`);
        say(`* OK [UIDNEXT ${uidNext}] next`);
        return ok("[READ-ONLY] open");
      }
      if (state !== "selected") return no("Open a folder first");
      if (name === "UID SEARCH") {
        say(`* SEARCH ${search(rest).join(" ")}`.trimEnd());
        return ok();
      }
      if (name === "UID FETCH") return send(rest, ok);
      if (name === "CLOSE" || name === "UNSELECT") return ok();
      return no("This server changes nothing");
    }

    function search(query: string): number[] {
      const since = /\bSINCE "?([\w-]+)"?/i.exec(query)?.[1];
      const range = /\bUID (\S+)/i.exec(query)?.[1] ?? "1:*";
      const from = since === undefined ? undefined : new Date(`${since} 00:00 UTC`);
      return mails.filter((mail) => isIn(range, mail.uid) && (!from || mail.arrivedAt >= from)).map(({ uid }) => uid);
    }

    function send(rest: string, ok: () => void): void {
      const [, range = "", items = ""] = /^(\S+) (.*)$/.exec(rest) ?? [];
      const part = /BODY\.PEEK\[\]<(\d+)\.(\d+)>/i.exec(items);
      for (const [index, mail] of mails.entries()) {
        if (!isIn(range, mail.uid)) continue;
        const head = `* ${index + 1} FETCH (UID ${mail.uid} RFC822.SIZE ${mail.raw.length} INTERNALDATE "${imapDate(mail.arrivedAt)}"`;
        if (!part) {
          say(`${head})`);
          continue;
        }
        const body = mail.raw.subarray(Number(part[1]), Number(part[1]) + Number(part[2]));
        sent.push(mail.uid);
        socket.write(`${head} BODY[]<${part[1]}> {${body.length}}\r\n`);
        if (breaksBody) {
          breaksBody = false;
          socket.write(body.subarray(0, Math.floor(body.length / 2)), () => socket.destroy());
          return;
        }
        socket.write(body);
        say(")");
      }
      ok();
    }
  }

  /** "3", "1,5" or "3:*", which also means the last mail where its number is below 3. */
  function isIn(range: string, uid: number): boolean {
    const last = mails.at(-1)?.uid ?? 0;
    return range.split(",").some((piece) => {
      const [a = "", b = a] = piece.split(":");
      const [from, to] = [a, b].map((text) => (text === "*" ? last : Number(text))) as [number, number];
      return uid >= Math.min(from, to) && uid <= Math.max(from, to);
    });
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  result.port = (server.address() as AddressInfo).port;
  return result;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
function imapDate(date: Date): string {
  const [day, time] = date.toISOString().split("T") as [string, string];
  const [year, month, dayOfMonth] = day.split("-");
  return `${dayOfMonth}-${months[Number(month) - 1]}-${year} ${time.slice(0, 8)} +0000`;
}
