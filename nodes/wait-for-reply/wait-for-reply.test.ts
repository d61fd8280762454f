import { expect, test } from "vitest";
import { ownWords } from "#contract/own-words.ts";
import { nodeContext } from "#test/node-context.ts";
import { type ReplyCase, waitForReply } from "./definition.ts";
import { executeWaitForReply } from "./executor.ts";
import { readNumber } from "./read-number.ts";
import { findCase } from "./read-reply.ts";
import { fitsPattern } from "./reply-pattern.ts";

const now = "2026-11-22T12:00:00.000Z";
const hours = (count: number) => new Date(Date.parse(now) + count * 3_600_000);
const run = (config: Record<string, unknown>, texts: string[], waiting?: { since: Date; until: Date }) =>
  executeWaitForReply({
    ...nodeContext({
      config: waitForReply.config.parse({ limitSeconds: 3600, ...config }),
      now,
      replies: texts.map((text, index) => ({ id: `r${index}`, channel: "sms", text })),
    }),
    waiting,
  });
const yesNo = [
  { id: "yes", is: "yes" },
  { id: "no", is: "no" },
];

test("refuses limits too short or too long, two cases with one id, exits taken as ids, and numbers without an end or turned round", () => {
  for (const config of [
    {},
    { limitSeconds: 1 },
    { limitSeconds: 367 * 86_400 },
    { limitSeconds: 3600, channel: "fax" },
    { limitSeconds: 3600, cases: [yesNo[0], yesNo[0]] },
    { limitSeconds: 3600, cases: [{ id: "other", is: "yes" }] },
    { limitSeconds: 3600, cases: [{ id: "no_reply", is: "yes" }] },
    { limitSeconds: 3600, cases: [{ id: "n", is: "number" }] },
    { limitSeconds: 3600, cases: [{ id: "n", is: "number", from: 5, to: 1 }] },
    { limitSeconds: 3600, cases: [{ id: "w", is: "words", words: [] }] },
    { limitSeconds: 3600, cases: [{ id: "p", is: "pattern", pattern: "x".repeat(201) }] },
    { limitSeconds: 3600, cases: Array.from({ length: 21 }, (_, n) => ({ id: `${n}`, is: "any" })) },
  ])
    expect(waitForReply.config.safeParse(config).success, JSON.stringify(config)).toBe(false);
});

test("waits for the reply until the limit of its beginning", () => {
  expect(run({}, [])).toMatchObject({ type: "wait", until: hours(1), watch: { for: "reply" } });
  const waiting = { since: hours(-0.5), until: hours(0.5) };
  expect(run({}, [], waiting)).toMatchObject({ type: "wait", until: waiting.until });
  expect(run({}, [], { ...waiting, until: hours(0) })).toMatchObject({ type: "next", exit: "no_reply", output: { waitedSeconds: 1800 } });
});

test("goes on by the case of the first reply, by another reply, and by a reply that comes with the end", () => {
  expect(run({ cases: yesNo }, ["Yes please", "no"])).toMatchObject({
    exit: "yes",
    usesReply: "r0",
    output: { text: "Yes please", case: "yes", label: "Yes" },
  });
  expect(run({ cases: yesNo }, ["maybe"])).toMatchObject({ exit: "other", usesReply: "r0" });
  expect(run({}, ["anything"], { since: hours(-2), until: hours(-1) })).toMatchObject({ exit: "other", usesReply: "r0" });
});

test("passes over a reply on another channel", () => {
  expect(run({ channel: "email" }, ["yes"])).toMatchObject({ type: "wait" });
});

test("has an exit for each case, one for other replies unless any reply is a case, and one for none", () => {
  const exits = (cases: unknown[]) =>
    waitForReply.exits(waitForReply.config.parse({ limitSeconds: 60, cases })).map(({ handle }) => handle);
  expect(exits(yesNo)).toEqual(["yes", "no", "other", "no_reply"]);
  expect(exits([{ id: "a", is: "any" }])).toEqual(["a", "no_reply"]);
  expect(exits([])).toEqual(["other", "no_reply"]);
});

const is = (more: Record<string, unknown>) => [{ id: "it", label: "", ...more } as ReplyCase];
const fits = (more: Record<string, unknown>, text: string) =>
  findCase(is(more), text, ["Ada", "Lovelace", "Stop Smoking Clinic"]) !== undefined;

test.each([
  ...["yes", "Yes!", "YES please", "y", "Yep, sounds good", "ok", "Sí", "si, claro", "Oui", "Ja gerne", "Ναι", "👍🏽", "Sure thing", "👌"],
  ...["of course", "Of course!", "I confirm", "sim", "d'accord", "D’accord !", "bien sûr", "natürlich", "да", "εντάξει", "de acuerdo"],
  ...[
    "por supuesto",
    "avec plaisir",
    "passt",
    "Passt, danke",
    "Ja, passt.",
    "Hi, yes please",
    "Thanks, yes",
    "yesss",
    "yessir",
    "sounds good",
    "will do",
  ],
  ...["works for me", "yes no problem", "yes, no worries", "no problem, yes", "yes I can't wait"],
  ...["Na klar!", "ja, kein Problem", "oui, pas de problème", "OKAY!!", "perfect", "vale", "φυσικά", "Yes, see you then"],
  ...["Yes, tomorrow at 3pm", "ok, 15:30 works for me", "Ja, um 15 Uhr", "Sí, a las 4", "oui à 15h30", "ok thanks!", "sí, gracias"],
  ...[
    "Yes, I'll be there. Thanks, Ada",
    "Hi there, yes I can, thank you so much!",
    "YES YES YES!!!",
    "yes 100%",
    "Yes 🙏😊",
    "👍👍",
    "ok 👍",
  ],
  ...[
    "Ja, ich komme gerne. Liebe Grüße Ada Lovelace",
    "Ναι, ευχαριστώ",
    "D'accord, merci beaucoup",
    "Yes, I confirm. Best regards, Ada",
    "Hi Stop Smoking Clinic, yes!",
  ],
])("%s says yes", (text) => expect([fits({ is: "yes" }, text), fits({ is: "no" }, text)]).toEqual([true, false]));
test.each([
  ...[
    "no",
    "No.",
    "nope",
    "no thanks",
    "Nein danke",
    "Non",
    "Όχι",
    "👎",
    "n",
    "I can't",
    "I can’t",
    "can't make it",
    "sorry no",
    "Sorry, no",
  ],
  ...[
    "leider nicht",
    "kann nicht",
    "Ich kann leider nicht",
    "not really",
    "I said no",
    "não",
    "нет",
    "yes? no!",
    "no way",
    "not today",
    "cannot",
  ],
  ...[
    "no, sorry",
    "no gracias",
    "non merci",
    "pas possible",
    "nunca",
    "never",
    "I don't think so",
    "unfortunately not",
    "decline",
    "won't",
  ],
  ...[
    "absolutely not",
    "Definitely not!",
    "of course not",
    "klar nicht",
    "bien sûr que non",
    "por supuesto que no",
    "No puedo",
    "Δεν μπορώ",
    "nej tack",
  ],
  ...[
    "No, sorry I can't make it",
    "Ich komme leider nicht, danke",
    "no no no",
    "No. Regards, Ada",
    "Sorry, I can't be there this time",
    "no voy",
    "Nein, nicht möglich",
  ],
])("%s says no", (text) => expect([fits({ is: "yes" }, text), fits({ is: "no" }, text)]).toEqual([false, true]));
test.each([
  "",
  "maybe",
  "not sure",
  "no problem",
  "No idea",
  "yesterday",
  "I said yes",
  "November",
  "si no puedo",
  "🤷",
  ...[
    "yes no",
    "no yes",
    "ja nein",
    "Yes. No.",
    "No! Yes!",
    "yes?",
    "ok?",
    "I can't wait",
    "can't say",
    "Yes, but I can't come",
    "ja, aber ich kann nicht",
  ],
  ...[
    "yes not",
    "not yes",
    "no doubt",
    "correct me if I am wrong",
    "sicher?",
    "kein Problem",
    "nonsense",
    "naive",
    "okra",
    "Can you call?",
    "no questions",
  ],
  ...[
    "ok, please cancel my appointment",
    "Ja, ich muss leider absagen",
    "ja leider nicht",
    "oui mais je ne viens pas",
    "Yes I have to cancel",
  ],
  ...["No changes, see you", "no i mean yes", "ok forget it", "ok i'll pass", "Ok I'm out", "Sure thing, but I won't make it", "ok sorry"],
  ...["Yes unfortunately I have to cancel", "ok who is this? stop", "Si llueve no voy", "si je peux", "si puedo", "Yes but not before 9"],
  ...[
    "Ok, can you call me?",
    "ναι αλλά δεν μπορώ",
    "oui 😢",
    "yes, next week",
    "ok 2",
    "Yes, Cancel",
    "ja, later",
    "да, но нет",
    "no, see you there",
  ],
  ...["yes no thanks", "No, I'll be there", "ok\nabsagen", "Y/N", "yes/no", "yes yes never mind", "Never better", "Ok, Bob", "ok stop"],
])("%s says neither", (text) => expect([fits({ is: "yes" }, text), fits({ is: "no" }, text)]).toEqual([false, false]));

test.each<[string, number | undefined]>([
  ["4", 4],
  ["I'd say 4", 4],
  ["4.5", 4.5],
  ["4,5", 4.5],
  ["1,200", 1200],
  ["1.200.000,5", 1_200_000.5],
  ["1,200.50", 1200.5],
  ["0,500", 0.5],
  ["0.500", 0.5],
  ["1.000,5", 1000.5],
  ["1'000", 1000],
  ["1.000", undefined],
  ["-1.200", undefined],
  ["1.00", 1],
  ["12.3456", 12.3456],
  ["1.0.0", undefined],
  ["not 5", undefined],
  ["nicht 5", undefined],
  ["more than 10", undefined],
  ["< 5", undefined],
  ["5 thousand", undefined],
  ["5 k", undefined],
  ["2 dutzend", undefined],
  ["−3", -3],
  ["I'd give 5 stars", 5],
  ["-3", -3],
  ["4/5", 4],
  ["8 out of 10", 8],
  ["", undefined],
  ["four", undefined],
  ["4 or 5", undefined],
  ["at 3pm", undefined],
  ["A4", undefined],
  ["10.11.2026", undefined],
  ["10²", undefined],
  ["4½", undefined],
  ["20 m²", 20],
  ["9".repeat(25), undefined],
])("the number in “%s” is %s", (text, number) => expect(readNumber(text)).toBe(number));

test("a number fits between its ends, which belong to it", () => {
  const between = { is: "number", from: 1, to: 5 };
  expect(["1", "3", "5", "0", "6", "many"].map((text) => fits(between, text))).toEqual([true, true, true, false, false, false]);
  expect(fits({ is: "number", from: 4 }, "1000")).toBe(true);
  expect(fits({ is: "number", to: 4 }, "-1000")).toBe(true);
});

test("words are found whole, whatever their capitals and accents", () => {
  const words = { is: "words", words: ["book me", "réserver", "?"] };
  expect(["Please BOOK me!", "reserver svp", "what?", "bookmen", "rebook me in", "me book"].map((text) => fits(words, text))).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

test("a pattern must fit the whole text, and takes no time that grows beyond the two lengths", () => {
  expect(fitsPattern("order 1234", "order ####")).toBe(true);
  expect(fitsPattern("order 12345", "order ####")).toBe(false);
  expect(fitsPattern("order 12345", "order #*")).toBe(true);
  expect(fitsPattern("abc", "a?c")).toBe(true);
  expect(fitsPattern("", "*")).toBe(true);
  expect(fitsPattern("", "?")).toBe(false);
  expect(fitsPattern("a+b", "a+b")).toBe(true);
  expect(fitsPattern("aab", "a+b")).toBe(false);
  // A backtracking engine needs more steps for this than the universe has seconds.
  expect(fitsPattern("a".repeat(1_000), `${"*a".repeat(100)}b`)).toBe(false);
  expect(fits({ is: "pattern", pattern: "ORDER #*" }, "Order 77 please")).toBe(true);
});

test("what an e-mail quotes is not read", () => {
  const text = "No, thank you\n\nOn Mon, 3 May 2027 at 10:00, Ada <ada@example.com> wrote:\n> Would you say yes?\n> yes";
  expect(ownWords(text)).toBe("No, thank you");
  expect(fits({ is: "words", words: ["would"] }, text)).toBe(false);
  expect(ownWords("Am 3. Mai 2027 um 10:00 schrieb Ada:\n> ja?")).toBe("");
});
