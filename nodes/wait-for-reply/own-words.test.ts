import { expect, test } from "vitest";
import { ownWords } from "#contract/own-words.ts";
import type { ReplyCase } from "./definition.ts";
import { findCase } from "./read-reply.ts";

const asked = "Reply YES, or CANCEL / STORNO to cancel.";
const cases = [
  { id: "cancel", label: "", is: "words", words: ["storno", "cancel"] },
  { id: "yes", label: "", is: "yes" },
  { id: "no", label: "", is: "no" },
] as ReplyCase[];

test.each([
  [
    "Outlook in German",
    "Ja, passt.",
    `Von: Shop <shop@example.com>\r\nGesendet: Montag, 30. November 2026 09:00\r\nAn: Ute <u@x.test>\r\nBetreff: Termin\r\n\r\n${asked}`,
  ],
  [
    "Outlook on the web",
    "Yes",
    `________________________________\r\nFrom: Shop <s@x.test>\r\nSent: Monday, November 30, 2026 9:00 AM\r\nTo: Ann\r\nSubject: Hi\r\n\r\n${asked}`,
  ],
  ["Outlook with bold headers", "Yes", `*From:* Shop <s@x.test>\n*Sent:* Monday\n*To:* Ann\n*Subject:* Hi\n\n${asked}`],
  ["Outlook in French", "Oui", `De : Shop <s@x.test>\nEnvoyé : lundi 30 novembre 2026 09:00\nÀ : Ann\nObjet : Rendez-vous\n\n${asked}`],
  ["Outlook in Spanish", "Sí", `De: Shop <s@x.test>\nEnviado el: lunes, 30 de noviembre de 2026 9:00\nPara: Ann\nAsunto: Cita\n\n${asked}`],
  ["Outlook in Greek", "Ναι", `Από: Shop <s@x.test>\nΣτάλθηκε: Δευτέρα\nΠρος: Ann\nΘέμα: Ραντεβού\n\n${asked}`],
  ["Outlook in Italian", "sim", `Da: Shop <s@x.test>\nInviato: lunedì\nA: Ann\nOggetto: Ciao\n\n${asked}`],
  ["Outlook in Dutch", "ja", `Van: Shop <s@x.test>\nVerzonden: maandag\nAan: Ann\nOnderwerp: Hoi\n\n${asked}`],
  ["two headers", "Yes", `From: Shop\nSent: x\nSubject: ${asked}`],
  ["headers on one line", "Yes", `From: Shop <s@x.test> Sent: Monday, November 30 To: Ann Subject: Hi\n${asked}`],
  [
    "headers that begin with the date",
    "Ja",
    `Gesendet: Montag, 30. November 2026 um 09:00 Uhr\nVon: "Shop" <s@x.test>\nAn: u@x.test\nBetreff: Termin\n${asked}`,
  ],
  ["headers apart by blank lines", "Yes", `From: Shop\n\nSent: Monday\n\nTo: Ann\n\nSubject: Hi\n\n${asked}`],
  ["an old Outlook", "Yes", `-----Original Message-----\nFrom: Shop\n${asked}`],
  ["a telephone in German", "Ja", `-------- Ursprüngliche Nachricht --------\nVon: Shop\n${asked}`],
  ["Gmail in English", "Yes", `On Mon, Nov 30, 2026 at 9:00 AM Shop <s@x.test>\nwrote:\n\n> ${asked}`],
  ["Gmail whose marks were lost", "Yes", `On Mon, Nov 30, 2026 at 9:00 AM Shop <s@x.test> wrote:\n\n${asked}`],
  ["Gmail in German", "Ja", `Shop <s@x.test> schrieb am Mo., 30. Nov. 2026, 09:00:\n\n${asked}`],
  ["Gmail in Dutch", "ja", `Op ma 30 nov. 2026 om 09:00 schreef Shop:\n> ${asked}`],
  ["Gmail in Portuguese", "Sim", `Em seg., 30 de nov. de 2026 às 09:00, Shop escreveu:\n> ${asked}`],
  ["Gmail in Italian", "Sì", `Il giorno lun 30 nov 2026 alle ore 09:00 Shop <s@x.test>\nha scritto:\n\n> ${asked}`],
  ["Gmail in French", "Oui", `Le lun. 30 nov. 2026 à 09:00, Shop a écrit :\n> ${asked}`],
  ["Gmail in Russian", "да", `пн, 30 нояб. 2026 г. в 09:00, Shop <s@x.test>:\n\n${asked}`],
  ["Gmail in Polish", "yes", `pon., 30 lis 2026 o 09:00 Shop <s@x.test> napisał(a):\n\n${asked}`],
  ["Apple Mail forwarded", "Yes", `Begin forwarded message:\n\n${asked}`],
  ["Zoho", "Yes", `---- On Mon, 30 Nov 2026 09:00:00 +0100 Shop <s@x.test> wrote ----\n\n${asked}`],
  ["an iPhone", "Yes", `Sent from my iPhone\n\n> On Nov 30, 2026, at 09:00, Shop wrote:\n> \n> ${asked}`],
])("what %s quotes is not read", (_, written, quoted) => {
  for (const text of [`${written}\r\n\r\n${quoted}`, `${written}\n${quoted}`]) {
    expect(ownWords(text)).toBe(written);
    expect(findCase(cases, text)?.found.id).toBe("yes");
    expect(ownWords(text.replaceAll("\r\n", "\n").replaceAll("\n", "\r\n"))).toBe(written);
  }
  // Nothing was written above a quotation without marks, so no case is met by what was asked.
  expect(findCase(cases, quoted)).toBeUndefined();
});

test("what was written below or between marked lines is read", () => {
  expect(ownWords("> Would you?\nyes")).toBe("yes");
  expect(ownWords("On Mon, 3 May 2027, Shop wrote:\n> Would you?\n\nyes")).toBe("yes");
  expect(ownWords("On Mon, 3 May 2027, Shop wrote:\n> Would you?\n\nyes\n\n-- \nAnn")).toBe("yes");
});

test("the lines that a program or a signature adds are not read", () => {
  for (const line of [
    "-- \nAnn\nRoom 12",
    "Sent from my iPhone 15",
    "Gesendet von Mail für Windows 10",
    "Von meinem iPhone 12 gesendet",
    "Envoyé de mon iPhone",
    "Enviado desde mi iPhone 8",
    "Get Outlook for iOS",
    "Holen Sie sich Outlook für Android",
  ])
    expect(ownWords(`4\n\n${line}`)).toBe("4");
  expect(ownWords("Sent from my heart")).toBe("Sent from my heart");
});

test.each([
  "From: 9 to 5 I am free",
  "To: whom it may concern",
  "Yes\nTo: be sure, call me\nDate: Monday",
  "On 3 May I can, on 4 May too",
  "Am 3. geht es nicht, am 4. schon.\nDanke",
  "I wrote you: yes",
  "I wrote:\nyes",
  "yes\nmy mail is ann@x.test\nthanks",
  "Please send it to a@b.test",
])("an answer that quotes nothing is read as a whole: %s", (text) => expect(ownWords(text)).toBe(text));
