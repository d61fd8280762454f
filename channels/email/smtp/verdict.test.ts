import { describe, expect, test } from "vitest";
import { judgeRefusal, type Refusal } from "./verdict.ts";

const judge = (words: string, given: Partial<Refusal> = {}) =>
  judgeRefusal({ command: "RCPT TO", handedOver: false, code: Number(words.slice(0, 3)), words, recipient: "grace@example.org", ...given });

describe("an answer to RCPT TO", () => {
  test.each([
    "550 5.7.1 Relaying denied",
    "550 Relay access denied",
    "550 No, thank you",
    "550 Requested action not taken",
    "550 4.2.1 Mailbox disabled for now",
    "550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered.",
    "550 5.2.1 Mailbox temporarily disabled",
    "550 5.2.1 User is receiving mail too fast",
    "550 5.1.1 Too many recipients",
    "550 5.1.1 Message rejected by policy",
    "552 5.2.2 Mailbox full",
    "550 5.1.1 Mailbox full",
    "550 5.7.1 Sender blocked by recipient",
    "550 5.7.26 Unauthenticated mail is prohibited by the sender's DMARC policy",
    "550 5.4.1 Recipient address rejected: Access denied",
    "554 5.7.1 Service unavailable; client host [5.1.1.7] blocked",
    "550 Client host unknown",
    "550 <unknown@example.org> no thanks",
    "550 <user.5.1.1@example.org> no thanks",
    "550 no-such-user@example.org refused",
    "550 Blocked, see https://help.example/5.1.1/user-unknown",
    "550 5.2.1 The user you are trying to contact is receiving mail too quickly.",
    "550 Requested action not taken: mailbox unavailable - IP in zen.spamhaus.org",
    "550 Mailbox unavailable: DNSBL listed",
    "550 HELO name unknown",
    "550 Address rejected: unknown reverse DNS PTR",
    "550 user lookup failed: unknown backend problem",
    "550 5.1.1 Unknown error, user lookup failed, LDAP down",
    "550 5.1.2 Bad destination: DNS server failure",
    "550 5.1.2 We could not resolve the domain just now, SERVFAIL",
    "554 5.1.1 Trial accounts can only mail verified recipients",
    "550 5.1.1 Sandbox: recipient not on the whitelist",
    "550 Recipient unknown to this trial plan",
    "550 5.1.1 Your mailbox is disabled because you have not paid",
    "550 5.1.1 You have sent enough today",
    "550 5.1.1 account over its hourly messages",
    "550 5.1.1 Authentication required, user unknown",
    "550 5.1.1 Das Tageskontingent des Absenders ist erschöpft",
    "550 5.1.1 Absender unbekannt",
    "550 5.1.1 Envoi refusé : votre adresse IP est bloquée",
    "550 5.1.1 Message refused for reasons of our own",
    "550 5.1.3 Bad recipient address syntax",
    "554 Recipient address rejected",
  ])("%s says nothing about the mailbox", (words) => expect(judge(words)).toBe("message"));

  test.each([
    "550 5.1.1 No such user here",
    "550 #5.1.1 bad address",
    "550 5.1.1",
    "550-5.1.1 The email account that you tried to reach does not exist. Please try\n550-5.1.1 double-checking the address\n550 5.1.1 https://support.google.com/mail/?p=NoSuchUser a1-limit.1",
    "550 5.1.1 <grace@example.org>: Recipient address rejected: User unknown in virtual alias table",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
    "550 5.1.2 Host or domain name not found",
    "550 5.2.1 The email account that you tried to reach is disabled.",
    "550 5.5.0 Requested action not taken: mailbox unavailable",
    "550 User unknown",
    "550 unknown user",
    "553 Mailbox name not allowed",
    "550 No such user: blocked.by.policy@example.org",
    "550 5.1.0 Recipient not found",
    "550 5.1.1 Mailbox for grace does not exist",
    "550 5.1.1 Recipient address rejected",
    "550 Benutzer unbekannt",
    "550 5.1.1 Empfänger existiert nicht",
    "550 Utilisateur inconnu",
    "550 5.1.1 Boîte aux lettres inexistante",
    "550 5.1.1 El usuario no existe",
    "550 Casella inesistente",
    "550 Gebruiker onbekend",
    "550 Not our Customer",
    "550 grace is not a known user",
    "554 5.5.0 no such user",
  ])("%s closes the address", (words) => expect(judge(words)).toBe("mailbox"));

  test.each([
    "blockbuster@example.org",
    "relay@spam-policy.example",
    "sender.quota@rate-limit.example",
    "blacklist@5.7.1.example",
    "sender@denied.example",
  ])("is not misread because of the words in the address %s", (recipient) => {
    const [name] = recipient.split("@");
    expect(judge(`550 5.1.1 <${recipient}>`, { recipient })).toBe("mailbox");
    expect(judge(`550 5.1.1 ${recipient} unknown`, { recipient })).toBe("mailbox");
    expect(judge(`550 5.1.1 ${name}: user unknown`, { recipient })).toBe("mailbox");
    expect(judge(`550 5.1.1 <${recipient.toUpperCase()}>... User unknown`, { recipient })).toBe("mailbox");
  });

  test.each([
    "550 5.1.1 Sender is over the daily sending quota",
    "550 5.1.8 Sender address rejected: Domain not found",
    "550 5.1.7 Invalid return path",
    "553 5.7.1 <hello@salon.example>: Sender address rejected: not owned by user ana",
    "550 5.4.5 Daily user sending limit exceeded",
    "550 You are not allowed to send mail from this address",
    "550 5.7.60 Client does not have permissions: not permitted to send as this sender",
  ])("%s is about the sender", (words) => expect(judge(words)).toBe("sender"));
});

describe("an answer to MAIL FROM", () => {
  test.each([
    "550 Rejected",
    "550 5.1.1 User unknown",
    "550 5.1.2 No such domain",
    "550 5.1.3 Bad address",
    "553 5.1.8 Unknown",
    "501 Syntax",
  ])("%s is about the sender, whatever its code says", (words) => expect(judge(words, { command: "MAIL FROM" })).toBe("sender"));
  test.each(["552 Too large", "552 5.3.4 Message size exceeds the limit", "550 5.3.4 Too big"])("%s is about this message", (words) =>
    expect(judge(words, { command: "MAIL FROM" })).toBe("message"),
  );
});

describe("an answer to the message", () => {
  test("is about the mailbox only once the whole message was handed over", () => {
    const given = { command: "DATA" };
    expect(judge("550 5.1.1 User unknown", { ...given, handedOver: false })).toBe("message");
    expect(judge("550 5.1.1 User unknown", { ...given, handedOver: true })).toBe("mailbox");
    expect(judge("554 delivery error: This user doesn't have a yahoo.com account", { ...given, handedOver: true })).toBe("mailbox");
  });
  test.each([
    "554 5.1.1 message looks like bulk, no such user policy",
    "554 5.7.1 Message blocked as spam",
    "550 No, thank you",
    "554 Transaction failed",
    "550 5.7.1 Content rejected",
  ])("%s blames nobody", (words) => expect(judge(words, { command: "DATA", handedOver: true })).toBe("message"));
});
