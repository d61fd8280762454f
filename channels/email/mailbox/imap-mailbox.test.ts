import { afterEach, expect, test } from "vitest";
import { type ImapServer, mailboxPassword, mailboxUser, startImapServer } from "#test/imap-server.ts";
import { plainMail } from "#test/mails.ts";
import { sinkCertificate } from "#test/smtp-sink.ts";
import type { IncomingMail, MailboxPosition } from "../../mailbox.ts";
import { checkMailbox, type ImapOptions, imapMailbox } from "./imap-mailbox.ts";

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end();
});

async function start(options: Parameters<typeof startImapServer>[0] = {}): Promise<ImapServer> {
  const server = await startImapServer(options);
  cleanUp.push(() => server.stop());
  return server;
}
const reach = (
  { port }: Pick<ImapServer, "port">,
  more: Partial<ImapOptions> = {},
  settings: Partial<ImapOptions["settings"]> = {},
): ImapOptions => ({
  settings: { host: "localhost", port, security: "none", username: mailboxUser, folder: "INBOX", ...settings },
  password: mailboxPassword,
  rules: { allowPrivateHosts: true, extraPorts: [port] },
  lookUp: async () => [{ address: "127.0.0.1", family: 4 }],
  timeouts: { connect: 5_000, idle: 5_000 },
  ...more,
});
const mail = (text: string, more = {}) => plainMail({ from: "ana@example.org", text, ...more });

/** Reads one pass to its end. */
async function read(options: ImapOptions, after: MailboxPosition | null, now = new Date()) {
  const batches = imapMailbox(options).read(after, { signal: new AbortController().signal, now });
  const mails: IncomingMail[] = [];
  let position = after;
  for (;;) {
    const next = await batches.next();
    if (next.done) return { mails, position: position as MailboxPosition, isAll: next.value.isAll };
    mails.push(...next.value.mails);
    position = next.value.position;
  }
}
const textsOf = (mails: readonly IncomingMail[]) => mails.map(({ text }) => text);

test("a password that is wrong is told with what to do, and without the address of the mailbox", async () => {
  const server = await start();
  const options = reach(server, { password: "wrong" });
  await expect(read(options, null)).rejects.toMatchObject({
    code: "sign_in",
    message: expect.stringContaining("check the user name and the password"),
  });
  const trouble = await checkMailbox(options, new AbortController().signal);
  expect(trouble).toContain("refuses the sign-in");
  expect(trouble).not.toContain(mailboxUser);
  expect(server.signIns).toBe(2);
});

test("a folder that is not there, a server that is not there and a certificate that nobody trusts are told apart", async () => {
  const server = await start();
  const tls = await start({ security: "tls" });
  await expect(read(reach(server, {}, { folder: "Nowhere" }), null)).rejects.toMatchObject({ code: "folder" });
  await expect(read(reach(tls, {}, { security: "tls" }), null)).rejects.toMatchObject({
    code: "unreachable",
    message: expect.stringContaining("certificate"),
  });
  const { port } = server;
  await server.stop();
  await expect(read(reach({ port }), null)).rejects.toMatchObject({
    code: "unreachable",
    message: expect.stringContaining("Nothing answers"),
  });
});

test("a server inside is never touched where the operator does not allow it, by whatever name", async () => {
  const server = await start();
  for (const host of ["127.0.0.1", "localhost", "imap.example.com"]) {
    const options = reach(server, { rules: { allowPrivateHosts: false, extraPorts: [server.port] } }, { host, security: "tls" });
    await expect(read(options, null)).rejects.toMatchObject({ code: "host" });
  }
  expect(server.commands).toEqual([]);
  expect(server.open.size).toBe(0);
});

test("what lay in the mailbox before is not read; what comes then is, oldest first and once, over TLS too", async () => {
  const server = await start({ security: "tls" });
  server.deliver(mail("old"));
  const options = reach(server, { ca: sinkCertificate }, { security: "tls" });
  const first = await read(options, null);
  expect(first).toMatchObject({ mails: [], isAll: true, position: { uid: 1 } });
  server.deliver(mail("one"));
  server.deliver(mail("two"));
  const second = await read(options, first.position);
  expect(textsOf(second.mails)).toEqual(["one", "two"]);
  const third = await read(options, second.position);
  expect(textsOf(third.mails)).toEqual([]);
  expect(third.position).toMatchObject({ uid: 3 });
  expect(await checkMailbox(options, new AbortController().signal)).toBeUndefined();
});

test("nothing is changed in the mailbox: it is opened for reading only, and no mail counts as read", async () => {
  const server = await start();
  const { position } = await read(reach(server), null);
  server.deliver(mail("one"));
  await read(reach(server), position);
  expect(server.commands.some((line) => line.startsWith("EXAMINE"))).toBe(true);
  expect(server.commands.filter((line) => /^(SELECT|STORE|UID (STORE|MOVE|COPY|EXPUNGE)|EXPUNGE|APPEND|DELETE)/.test(line))).toEqual([]);
  expect(server.commands.filter((line) => /BODY\[/.test(line))).toEqual([]);
});

test("after the server has numbered its mail anew only what may be new is read", async () => {
  const server = await start();
  const { position } = await read(reach(server), null);
  const longAgo = new Date(Date.now() - 40 * 86_400_000);
  server.deliver(mail("long ago"), { arrivedAt: longAgo });
  server.deliver(mail("copied today, written long ago", { date: longAgo }));
  server.deliver(mail("lately"));
  server.renumber();
  const anew = await read(reach(server), position);
  expect(textsOf(anew.mails)).toEqual(["lately"]);
  expect(anew).toMatchObject({ isAll: false, position: { uid: 3 } });
  server.deliver(mail("then", { date: longAgo }));
  expect(textsOf((await read(reach(server), anew.position)).mails)).toEqual(["then"]);
});

test("a connection that breaks in the middle of a mail loses none: the next pass goes on behind the last batch", async () => {
  const server = await start();
  const { position } = await read(reach(server), null);
  server.deliver(mail("one"));
  server.deliver(mail("two"));
  server.breakNextBody();
  await expect(read(reach(server), position)).rejects.toMatchObject({ code: "broke_off" });
  expect(textsOf((await read(reach(server), position)).mails)).toEqual(["one", "two"]);
});

test("of a mail above 1 MiB only the head is fetched, and a pass ends after 200 mails", async () => {
  const server = await start();
  const { position } = await read(reach(server), null);
  server.deliver(mail("x ".repeat(3 * 1024 * 1024)));
  for (let n = 0; n < 205; n += 1) server.deliver(mail(`mail ${n}`));
  const first = await read(reach(server), position);
  expect(first.mails).toHaveLength(200);
  expect(first.mails[0]?.text).toMatch(/is too large/);
  expect(server.commands.filter((line) => line.includes("<0.65536>"))).toHaveLength(1);
  expect(first.isAll).toBe(false);
  const second = await read(reach(server), first.position);
  expect(textsOf(second.mails)).toEqual(["mail 199", "mail 200", "mail 201", "mail 202", "mail 203", "mail 204"]);
  expect(second.isAll).toBe(true);
});

test("a mailbox is known by its server, user and folder, and by nothing that tells them", () => {
  const { id } = imapMailbox(reach({ port: 993 }));
  expect(id).toMatch(/^[0-9a-f]{64}$/);
  expect(imapMailbox(reach({ port: 993 }, { password: "another" })).id).toBe(id);
  for (const other of [{ host: "imap.example.com" }, { username: "x" }, { folder: "Bounces" }, { port: 143 }])
    expect(imapMailbox(reach({ port: 993 }, {}, other)).id).not.toBe(id);
});
