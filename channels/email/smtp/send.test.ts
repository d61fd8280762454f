import { afterEach, describe, expect, test } from "vitest";
import { type SmtpSink, type SmtpSinkOptions, sinkCertificate, startSmtpSink } from "#test/smtp-sink.ts";
import type { OutgoingMessage, Provider } from "../../channel.ts";
import { smtpProvider } from "./send.ts";
import type { SmtpSettings } from "./settings.ts";

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end();
});

interface Line {
  sink: SmtpSink;
  provider: Provider;
}

/** A server that behaves as told, and a provider that is set up for it. */
async function connectTo(
  options: SmtpSinkOptions & {
    settings?: Partial<SmtpSettings>;
    givenPassword?: string;
    connections?: number;
    idle?: number;
    ca?: string;
  } = {},
): Promise<Line> {
  const { settings, givenPassword, connections, idle = 600_000, ca = sinkCertificate, ...sinkOptions } = options;
  const sink = await startSmtpSink(sinkOptions);
  const provider = smtpProvider({
    settings: {
      host: "localhost",
      port: sink.port,
      security: sinkOptions.security ?? "none",
      fromName: "Ana’s Salon",
      fromAddress: "hello@salon.example",
      ...settings,
    },
    rules: { allowPrivateHosts: true, extraPorts: [sink.port] },
    lookUp: async () => [{ address: "127.0.0.1", family: 4 }],
    connections,
    password: givenPassword,
    ca,
    timeouts: { connect: 600_000, idle },
  });
  cleanUp.push(sink.stop, async () => provider.close?.());
  return { sink, provider };
}

let counter = 0;
const mail = (changes: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  id: `0198a3f0-0000-7000-8000-${String(++counter).padStart(12, "0")}`,
  workspaceId: "w",
  kind: "marketing",
  channel: "email",
  to: "grace@example.org",
  subject: "Your appointment",
  text: "See you on Monday.",
  ...changes,
});
const send = ({ provider }: Line, changes?: Partial<OutgoingMessage>, signal = new AbortController().signal) =>
  provider.send(mail(changes), { signal });

describe("a refusal by the server", () => {
  test.each([
    ["550 5.1.1 No such user here", { retryable: false, invalidatesAddress: true }],
    ["550 User unknown", { retryable: false, invalidatesAddress: true }],
    ["553 Mailbox name not allowed", { retryable: false, invalidatesAddress: true }],
    ["550 5.2.1 Mailbox disabled", { retryable: false, invalidatesAddress: true }],
    ["550 5.7.1 Relaying denied", { retryable: false, invalidatesAddress: undefined }],
    ["550 Relay access denied", { retryable: false, invalidatesAddress: undefined }],
    ["550 5.7.26 Unauthenticated mail is prohibited by the sender's DMARC policy", { retryable: false, invalidatesAddress: undefined }],
    ["554 5.7.1 Message blocked as spam", { retryable: false, invalidatesAddress: undefined }],
    ["552 5.2.2 Mailbox full", { retryable: false, invalidatesAddress: undefined }],
    ["450 4.2.0 Greylisted, come back later", { retryable: true, invalidatesAddress: undefined }],
    ["451 4.3.0 Try again", { retryable: true, invalidatesAddress: undefined }],
    ["452 4.2.2 Mailbox full for now", { retryable: true, invalidatesAddress: undefined }],
  ])("of the recipient with %s carries the server's words and the right consequence", async (answer, consequence) => {
    const line = await connectTo({ onRecipient: () => answer });
    const result = await send(line);
    expect(result).toMatchObject({ outcome: "rejected", reason: "provider_rejected", retryable: consequence.retryable });
    expect(result).toHaveProperty("message", expect.stringContaining(answer));
    expect((result as { invalidatesAddress?: boolean }).invalidatesAddress).toBe(consequence.invalidatesAddress);
    expect(line.sink.accepted).toEqual([]);
  });

  test.each([
    ["550 5.7.1 Content rejected", { reason: "provider_rejected", retryable: false }],
    ["550 No, thank you", { reason: "provider_rejected", retryable: false }],
    ["554 Transaction failed", { reason: "provider_rejected", retryable: false }],
    ["451 4.7.1 Try again", { reason: "provider_rejected", retryable: true }],
    ["421 4.3.2 Shutting down", { reason: "provider_unavailable", retryable: true }],
  ])("of the whole message with %s is certain: nothing was sent, and the address is not blamed", async (answer, consequence) => {
    const line = await connectTo({ onMessage: () => answer });
    const result = await send(line);
    expect(result).toMatchObject({ outcome: "rejected", ...consequence });
    expect(result).not.toHaveProperty("invalidatesAddress");
  });

  test("without pipelining is understood the same, and the session is used on", async () => {
    const line = await connectTo({ pipelining: false, onRecipient: (to) => (to.startsWith("bad") ? "550 5.1.1 Unknown" : undefined) });
    expect(await send(line, { to: "bad@example.org" })).toMatchObject({ outcome: "rejected", invalidatesAddress: true });
    expect(await send(line)).toMatchObject({ outcome: "accepted" });
    expect(line.sink.connections.opened).toBe(1);
  });

  test.each(["550 5.1.8 Sender address rejected", "550 5.1.1 User unknown", "550 5.1.2 Bad domain", "550 5.1.3 Bad syntax", "550 No"])(
    "of the sender with %s does not blame the recipient, pauses the channel and costs no try",
    async (answer) => {
      for (const pipelining of [true, false]) {
        const line = await connectTo({ pipelining, onMailFrom: () => answer });
        const result = await send(line);
        expect(result).toMatchObject({
          outcome: "rejected",
          reason: "sender_refused",
          retryable: true,
          pausesChannel: true,
          costsTry: false,
        });
        expect(result).not.toHaveProperty("invalidatesAddress");
      }
    },
  );

  test("of the sender at the recipient does not blame the recipient either, and has its number of tries", async () => {
    const line = await connectTo({ onRecipient: () => "550 5.1.1 Sender is over the daily sending quota" });
    const result = await send(line);
    expect(result).toMatchObject({ outcome: "rejected", reason: "sender_refused", retryable: true, pausesChannel: true, costsTry: true });
    expect(result).not.toHaveProperty("invalidatesAddress");
  });

  test("closes an address whose own letters look like a reason, in the answer to the recipient and to the message", async () => {
    const to = "blockbuster@example.org";
    const atRecipient = await connectTo({ onRecipient: (address) => `550 5.1.1 <${address}>` });
    expect(await send(atRecipient, { to })).toMatchObject({ outcome: "rejected", retryable: false, invalidatesAddress: true });
    const atMessage = await connectTo({ onMessage: ({ to: [address] }) => `550 5.1.1 <${address}> User unknown` });
    expect(await send(atMessage, { to })).toMatchObject({ outcome: "rejected", retryable: false, invalidatesAddress: true });
  });

  test("because the recipient gets too much mail does not close the address", async () => {
    const line = await connectTo({ onRecipient: () => "550 5.2.1 The user is receiving mail at a rate that prevents more" });
    expect(await send(line)).not.toHaveProperty("invalidatesAddress");
  });
});

describe("when nothing was handed over", () => {
  test("an address that is not exactly one plain address never reaches the server", async () => {
    const line = await connectTo();
    for (const to of ["a@b.example, c@d.example", '"a@evil.example"@b.example', "a@b.example\r\nRCPT TO:<c@d.example>", "a b@c.example"]) {
      expect(await send(line, { to })).toMatchObject({ outcome: "rejected", reason: "bad_email", retryable: false });
    }
    expect(line.sink.connections.opened).toBe(0);
  });

  test("a port where nobody listens is a reason to try again", async () => {
    const line = await connectTo();
    await line.sink.stop();
    expect(await send(line)).toMatchObject({ outcome: "rejected", reason: "provider_unavailable", retryable: true });
  });

  test("a host that does not resolve is a reason to try again", async () => {
    const provider = smtpProvider({
      settings: { host: "mail.nowhere.example", port: 587, security: "starttls", fromName: "", fromAddress: "a@b.example" },
      rules: { allowPrivateHosts: false, extraPorts: [] },
      lookUp: async () => Promise.reject(Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" })),
    });
    const result = await provider.send(mail(), { signal: AbortSignal.timeout(1000) });
    expect(result).toMatchObject({ outcome: "rejected", reason: "provider_unavailable", retryable: true });
  });

  test("a wrong password is told in the server's words", async () => {
    const line = await connectTo({ security: "starttls", password: "right", givenPassword: "wrong", settings: { username: "sender" } });
    const result = await send(line);
    expect(result).toMatchObject({ outcome: "rejected", reason: "provider_unavailable", retryable: true });
    expect(result).toHaveProperty("message", expect.stringContaining("535 5.7.8 Authentication credentials invalid"));
    expect(JSON.stringify(result)).not.toContain("wrong");
  });

  test("a server that asks for a password we do not have does not blame the recipient", async () => {
    const line = await connectTo({ security: "starttls", password: "right" });
    expect(await send(line)).toMatchObject({ outcome: "rejected", reason: "provider_unavailable", retryable: true });
  });

  test.each(["starttls", "tls"] as const)("a certificate nobody vouches for ends it before the password is told (%s)", async (security) => {
    const line = await connectTo({ security, password: "right", givenPassword: "right", settings: { username: "sender" }, ca: "" });
    const result = await send(line);
    expect(result).toMatchObject({ outcome: "rejected", reason: "provider_unavailable", retryable: true });
    expect(result).toHaveProperty("message", expect.stringMatching(/self-signed certificate/));
    expect(line.sink.accepted).toEqual([]);
  });

  test("a server without STARTTLS gets neither password nor message", async () => {
    const line = await connectTo({ settings: { security: "starttls" } });
    expect(await send(line)).toMatchObject({ outcome: "rejected", reason: "provider_unavailable" });
    expect(line.sink.accepted).toEqual([]);
  });

  test("a server that never answers the recipient is given up in time", async () => {
    const line = await connectTo({ onRecipient: () => "hang", idle: 300 });
    expect(await send(line)).toMatchObject({ outcome: "rejected", reason: "timeout", retryable: true });
  });

  test("a connection that drops at the recipient was not a send", async () => {
    const line = await connectTo({ onRecipient: () => "drop" });
    expect(await send(line)).toMatchObject({ outcome: "rejected", reason: "provider_unavailable", retryable: true });
  });

  test("the caller's deadline ends a wait for the server", async () => {
    const line = await connectTo({ onRecipient: () => "hang", idle: 3_600_000 });
    expect(await send(line, {}, AbortSignal.timeout(100))).toMatchObject({ outcome: "rejected", reason: "timeout", retryable: true });
  });

  test("the caller's deadline also ends a wait for a free connection", async () => {
    const line = await connectTo({ connections: 1, onRecipient: () => "hang" });
    const [first, second] = await Promise.all([send(line, {}, AbortSignal.timeout(300)), send(line, {}, AbortSignal.timeout(50))]);
    expect([first.outcome, second.outcome]).toEqual(["rejected", "rejected"]);
    expect(line.sink.connections.opened).toBe(1);
  });

  test("a resting connection that the server closed is replaced without a word", async () => {
    const line = await connectTo();
    expect(await send(line)).toMatchObject({ outcome: "accepted" });
    for (const socket of line.sink.connections.open) socket.destroy();
    expect(await send(line)).toMatchObject({ outcome: "accepted" });
    expect(line.sink.accepted).toHaveLength(2);
    expect(line.sink.connections.opened).toBe(2);
  });
});

describe("when the whole message was handed over and no answer came", () => {
  test("silence is unknown, not failed", async () => {
    const line = await connectTo({ onMessage: () => "hang", idle: 300 });
    expect(await send(line)).toMatchObject({ outcome: "unknown" });
  });

  test("the caller's deadline is unknown, too", async () => {
    const line = await connectTo({ onMessage: () => "hang" });
    expect(await send(line, {}, AbortSignal.timeout(300))).toMatchObject({ outcome: "unknown" });
  });

  test("a dropped connection is unknown, and the message is not sent a second time", async () => {
    let seen = 0;
    const line = await connectTo({
      onMessage: () => {
        seen += 1;
        return seen === 1 ? undefined : "drop";
      },
    });
    await send(line);
    // On the connection of the first message, which is where a retry would look harmless.
    expect(await send(line)).toMatchObject({ outcome: "unknown" });
    expect(seen).toBe(2);
  });
});

describe("a message that goes through", () => {
  test("arrives as written: addresses, subject, both bodies, and a Message-ID made from our own id", async () => {
    const line = await connectTo({ settings: { replyTo: "desk@salon.example" } });
    const message = mail({
      to: "grace@xn--bcher-kva.example",
      subject: "Zoë, 10 % off",
      text: "Hi Zoë\n.\nBye",
      html: "<p>Hi <b>Zoë</b></p>",
    });
    const result = await line.provider.send(message, { signal: AbortSignal.timeout(5000) });
    expect(result).toEqual({ outcome: "accepted", providerMessageId: `<${message.id}@salon.example>` });
    const [arrived] = line.sink.accepted;
    // The sink shows the domain decoded; on the wire it is ASCII.
    expect(arrived).toMatchObject({ from: "hello@salon.example", to: ["grace@bücher.example"] });
    expect(arrived?.raw.toString()).toMatch(/^To: grace@xn--bcher-kva\.example$/m);
    const parsed = await arrived?.parse();
    expect(parsed).toMatchObject({ subject: "Zoë, 10 % off", messageId: `<${message.id}@salon.example>` });
    expect(parsed?.from?.value).toEqual([{ name: "Ana’s Salon", address: "hello@salon.example" }]);
    expect(parsed?.replyTo?.value[0]?.address).toBe("desk@salon.example");
    expect(parsed?.text?.trimEnd()).toBe("Hi Zoë\n.\nBye");
    expect(parsed?.html).toContain("<b>Zoë</b>");
  });

  test.each(["starttls", "tls"] as const)("goes over %s with the password", async (security) => {
    const line = await connectTo({ security, password: "p4ss wörd", givenPassword: "p4ss wörd", settings: { username: "sender" } });
    expect(await send(line)).toMatchObject({ outcome: "accepted" });
    expect(line.sink.accepted).toMatchObject([{ encrypted: true, user: "sender" }]);
  });

  test("goes to the address that was checked: DNS is asked once, so a second answer cannot lead elsewhere", async () => {
    const sink = await startSmtpSink();
    let asked = 0;
    const provider = smtpProvider({
      settings: { host: "mail.localhost", port: sink.port, security: "none", fromName: "", fromAddress: "a@b.example" },
      rules: { allowPrivateHosts: true, extraPorts: [sink.port] },
      lookUp: async () => [{ address: ++asked === 1 ? "127.0.0.1" : "10.255.255.1", family: 4 }],
    });
    cleanUp.push(sink.stop, async () => provider.close?.());
    expect(await send({ sink, provider })).toMatchObject({ outcome: "accepted" });
    expect(asked).toBe(1);
  });

  test("cannot smuggle in a header or a file", async () => {
    const line = await connectTo();
    await send(line, {
      subject: "Hello\r\nBcc: victim@example.org\r\n\r\nNew body",
      text: "{ path: /etc/hostname }",
      html: "file:///etc/hostname",
    });
    const parsed = await line.sink.accepted[0]?.parse();
    expect(parsed?.bcc).toBeUndefined();
    expect(parsed?.subject).toBe("Hello Bcc: victim@example.org New body");
    expect(parsed?.attachments).toEqual([]);
    expect(line.sink.accepted[0]?.to).toEqual(["grace@example.org"]);
  });

  test("1000 of them over 8 connections arrive, each once", async () => {
    const line = await connectTo({ connections: 8 });
    const results = await Promise.all(
      Array.from({ length: 1000 }, (_, index) => send(line, { to: `c${index}@example.org` }, new AbortController().signal)),
    );
    expect(results.filter((result) => result.outcome !== "accepted")).toEqual([]);
    expect(new Set(line.sink.accepted.map((arrived) => arrived.to[0])).size).toBe(1000);
    expect(line.sink.accepted).toHaveLength(1000);
    // A hundred messages a connection, never more than eight at a time.
    expect(line.sink.connections.opened).toBeGreaterThanOrEqual(8);
    expect(line.sink.connections.opened).toBeLessThanOrEqual(18);
  });

  test("still goes through provider objects that were closed meanwhile, and leaves no connection behind", async () => {
    const line = await connectTo();
    await line.provider.close?.();
    expect(await send(line)).toMatchObject({ outcome: "accepted" });
    await expect.poll(() => line.sink.connections.open.size).toBe(0);
  });
});
