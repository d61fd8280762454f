import { lookup } from "node:dns/promises";
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { HostRefused, type LookUp } from "../host-look-up.ts";
import { imapUse, type MailHostRules, mailHostProblems, resolveMailHost, smtpUse } from "./mail-host.ts";
import { smtpProvider } from "./smtp/send.ts";
import type { SmtpSettings } from "./smtp/settings.ts";

const strict: MailHostRules = { allowPrivateHosts: false, extraPorts: [] };
const open: MailHostRules = { allowPrivateHosts: true, extraPorts: [1025] };
const settings = (changes: Partial<SmtpSettings>): SmtpSettings => ({
  host: "smtp.example.com",
  port: 587,
  security: "starttls",
  fromName: "",
  fromAddress: "a@example.com",
  ...changes,
});
const problemsOf = (given: SmtpSettings, rules: MailHostRules) => mailHostProblems(given, smtpUse, rules);
const resolve = (given: SmtpSettings, rules: MailHostRules, lookUp?: LookUp) => resolveMailHost(given, smtpUse, rules, lookUp);
const answers = (...addresses: string[]): LookUp => {
  return async () => addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
};

/** Every spelling of an address inside that we know of; the names are answered as a resolver would. */
const inside = [
  ...[
    "127.0.0.1",
    "127.1.2.3",
    "10.0.0.5",
    "172.16.0.1",
    "172.31.255.254",
    "192.168.1.1",
    "100.64.0.1",
    "[::1]",
    "::1",
    "fc00::1",
    "fd12:3456::1",
  ],
];
const neverMail = [
  ...["0.0.0.0", "169.254.169.254", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1", "::", "::ffff:127.0.0.1"],
  ...["::ffff:8.8.8.8", "::ffff:7f00:1", "::7f00:1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:4136:e378::", "fe80::1", "fe80::1%eth0"],
  ...["ff02::1", "fec0::1", "2001:db8::1", "100::1"],
];

describe("with public hosts only", () => {
  test.each([...inside, ...neverMail])("the address %s is refused before anything is asked", async (host) => {
    expect(problemsOf(settings({ host }), strict)).toMatchObject([{ path: "settings.host" }]);
    await expect(resolve(settings({ host }), strict, answers("8.8.8.8"))).rejects.toThrow(HostRefused);
  });

  test.each([...inside.map((host) => host.replace(/[[\]]/g, "")), ...neverMail])("a name that answers %s is refused", async (address) => {
    await expect(resolve(settings({}), strict, answers(address))).rejects.toThrow(HostRefused);
  });

  test("one bad answer among good ones refuses the name", async () => {
    await expect(resolve(settings({}), strict, answers("8.8.8.8", "2001:4860:4860::8888", "10.0.0.1"))).rejects.toThrow(HostRefused);
  });

  test.each(["127.1", "0x7f000001", "2130706433", "017700000001", "localhost", "localhost."])(
    "%s, which the resolver itself makes loopback, is refused",
    async (host) => {
      // Not every resolver knows every spelling; one that does not gives an error, which is a refusal as well.
      const systemAnswer: LookUp = async (name) => (await lookup(name, { all: true })) as never;
      await expect(resolve(settings({ host }), strict, systemAnswer)).rejects.toThrow();
    },
  );

  test.each([
    ["a user in front", "user@smtp.example.com"],
    ["a port behind", "smtp.example.com:25"],
    ["a path", "smtp.example.com/x"],
    ["a scheme", "smtp://smtp.example.com"],
    ["a space", "smtp.example.com evil"],
  ])("%s is no host", (_what, host) => {
    expect(problemsOf(settings({ host }), strict)).toMatchObject([{ path: "settings.host" }]);
  });

  test.each([80, 443, 22, 5432, 6379, 1025])("port %d is not a mail port", (port) => {
    expect(problemsOf(settings({ port }), strict)).toMatchObject([{ path: "settings.port" }]);
  });

  test("everything that is wrong is told at once", () => {
    expect(problemsOf(settings({ host: "10.0.0.1", port: 80 }), strict).map(({ path }) => path)).toEqual([
      "settings.port",
      "settings.host",
    ]);
  });

  test.each([25, 465, 587, 2525])("a public host on port %d is taken, and its answers are what is connected to", async (port) => {
    const addresses = await resolve(settings({ port }), strict, answers("8.8.8.8", "2001:4860:4860::8888"));
    expect(addresses.map(({ address }) => address)).toEqual(["8.8.8.8", "2001:4860:4860::8888"]);
  });
});

describe("a mailbox", () => {
  const mailbox = { host: "imap.example.com", port: 993, security: "tls" as const };

  test("has the same rules, with the ports of IMAP and its own places in the form", async () => {
    expect(mailHostProblems(mailbox, imapUse, strict)).toEqual([]);
    expect(mailHostProblems({ ...mailbox, host: "10.0.0.1", port: 587 }, imapUse, strict).map(({ path }) => path)).toEqual([
      "settings.mailbox.port",
      "settings.mailbox.host",
    ]);
    await expect(resolveMailHost(mailbox, imapUse, strict, answers("8.8.8.8", "127.0.0.1"))).rejects.toThrow(HostRefused);
  });
});

describe("with private hosts allowed by the operator", () => {
  test.each(inside)("%s is taken", async (host) => {
    expect(problemsOf(settings({ host }), open)).toEqual([]);
    expect(await resolve(settings({ host }), open)).toHaveLength(1);
  });

  test.each(neverMail)("%s is refused all the same", async (host) => {
    expect(problemsOf(settings({ host }), open)).toMatchObject([{ path: "settings.host" }]);
    await expect(resolve(settings({}), open, answers(host))).rejects.toThrow(HostRefused);
  });

  test("a mail catcher on this machine may have any port of its own, where private hosts are allowed at all", () => {
    for (const host of ["127.0.0.1", "localhost", "[::1]"]) {
      expect(problemsOf(settings({ host, port: 8025 }), open)).toEqual([]);
      expect(problemsOf(settings({ host, port: 80 }), open)).toMatchObject([{ path: "settings.port" }]);
      expect(problemsOf(settings({ host, port: 8025 }), strict)).toMatchObject(
        [{ path: "settings.port" }, {}].slice(0, host === "localhost" ? 1 : 2),
      );
    }
    expect(problemsOf(settings({ host: "10.0.0.1", port: 8025 }), open)).toMatchObject([{ path: "settings.port" }]);
  });

  test("a port the operator named is taken", () => {
    expect(problemsOf(settings({ port: 1025 }), open)).toEqual([]);
  });

  test.each(["smtp.example.com", "192.168.1.1", "8.8.8.8"])("%s without encryption is refused", (host) => {
    expect(problemsOf(settings({ host, security: "none" }), open)).toMatchObject([{ path: "settings.security" }]);
  });

  test("a name that says localhost but answers elsewhere gets nothing unencrypted", async () => {
    const local = settings({ host: "mail.localhost", security: "none" });
    expect(problemsOf(local, open)).toEqual([]);
    await expect(resolve(local, open, answers("192.168.1.1"))).rejects.toThrow(HostRefused);
    expect(await resolve(local, open, answers("127.0.0.1"))).toHaveLength(1);
  });
});

test("a listener on this machine is never touched, however it is spelled", async () => {
  let touched = 0;
  const canary = createServer(() => {
    touched += 1;
  });
  await new Promise<void>((resolve) => canary.listen(0, "127.0.0.1", resolve));
  const { port } = canary.address() as { port: number };
  for (const host of ["127.0.0.1", "[::1]", "127.1", "2130706433", "localhost"]) {
    const provider = smtpProvider({
      settings: settings({ host, port, security: "starttls" }),
      rules: { allowPrivateHosts: false, extraPorts: [port] },
      timeouts: { connect: 200, idle: 200 },
    });
    const message = {
      id: "0198a3f0-0000-7000-8000-000000000001",
      workspaceId: "w",
      channel: "email" as const,
      to: "a@b.example",
      text: "x",
      kind: "marketing" as const,
    };
    const result = await provider.send(message, { signal: AbortSignal.timeout(1000) });
    expect(result).toMatchObject({ outcome: "rejected", reason: "provider_unavailable" });
  }
  expect(touched).toBe(0);
  await new Promise((resolve) => canary.close(resolve));
});
