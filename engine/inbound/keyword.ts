import type { Channel } from "#contract/messages.ts";
import { ownWords } from "#contract/own-words.ts";
import { reaction, refusals, wordsOfMaybeStop } from "./stop-words.ts";

/** The wish that a text puts in a word. `maybe_stop`: it may mean that the person wants no more messages, and a person should read it. */
export type Keyword = "stop" | "start" | "help" | "maybe_stop";

/** With these a short text is a stop whatever stands around them. Others, such as "end", begin quite other sentences. */
const plainStopWords = new Set([
  ...["stop", "stopall", "stopsms", "stopp", "unsubscribe", "unsub", "unsubscribeall", "optout", "optoutall", "revoke", "quit"],
  ...["unsubcribe", "unsubscibe", "unsuscribe", "sotp", "stpo", "st0p"],
  ...["alto", "parar", "basta", "arret", "arrete", "arreter", "arretez", "stoppez", "stoppen", "στοπ", "стоп"],
]);
/**
 * The words of Twilio and of the FCC, by which anybody may stop messages (47 CFR 64.1200(a)(10)), their fellows in the languages of the
 * product and in some others, and what people type in haste.
 */
const stopWords = new Set([
  ...plainStopWords,
  ...["stop all", "stop sms", "unsubscribe all", "unsubscribed", "cancel", "end", "opt out", "opt me out", "remove", "remove me"],
  ...["cancelar", "baja", "darme de baja", "darse de baja", "salir", "desabonnement", "td", "退订", "退訂", "停止", "配信停止"],
]);
const startWords = new Set(["start", "unstop"]);
const helpWords = new Set(["help", "info", "help me", "help please", "ayuda", "aide", "hilfe", "βοηθεια", "aiuto", "ajuda"]);
/** Before a plain word these change nothing: "please stop", "por favor basta". */
const polite = /^(please|pls|plz|por favor|bitte|s il vous plait|s il te plait|svp)\s+/;
/** After a plain word these make it another one: "stop by at five". */
const otherwise = /^(by|at|in|over|here|there)$/;
/** An SMS of ten parts has 1,600 characters. What is longer is cut, so that nobody chooses how long reading takes. */
const longestRead = 2_000;

/** A text as its words are looked for: capitals, accents, signs and emoji do not count. */
function plainText(text: string): string {
  const plain = text
    .slice(0, longestRead)
    .replace(lettersInBoxes, unboxed)
    .normalize("NFKD")
    // Marks, and signs that nobody sees, such as those that some keyboards put between letters.
    .replace(/[\p{M}\p{Cf}]/gu, "")
    .toLowerCase()
    .replace(/\bopt(?:s|ed|ing)?[-\s]+(?:(?:me|us)[-\s]+)?out\b/g, "optout")
    .replace(/\bs[\s.-]+t[\s.-]+o[\s.-]+p\b/g, "stop")
    .replace(/\bwrong\s*#/g, "wrong number")
    .replace(/\bstop-+(all|sms)\b/g, "stop$1")
    .replace(/[^\p{L}\p{N}\s-]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  return unmasked(withoutDashes(plain).trim());
}

/**
 * Reads a text message in three levels: the whole of it is one of the words; it is short and begins with one, or with "please" and
 * one; it holds one somewhere, or says in other words that it may have been enough.
 */
export function readKeyword(text: string): Keyword | null {
  if (reaction.test(text.slice(0, 200))) return null;
  const whole = plainText(text);
  if (stopWords.has(whole)) return "stop";
  if (startWords.has(whole)) return "start";
  if (helpWords.has(whole)) return "help";
  const asked = whole.replace(polite, "");
  const words = asked.split(" ");
  const [first = "", second = ""] = words;
  if (whole.split(" ").length <= 5 && plainStopWords.has(first) && !otherwise.test(second)) return "stop";
  if (maybeStopWords.has(whole) || isStopSign(text)) return "maybe_stop";
  return words.some((word) => stopWords.has(word)) || refusals.some((refusal) => refusal.test(whole)) ? "maybe_stop" : null;
}

/** Letters of a paragraph that may be a word of stop and a word of politeness. */
const longestWish = 40;

/**
 * Whether the subject of a mail is a stop: programs and phones write it there when an unsubscribe address is chosen, above an empty text or a
 * signature. The subject of an answer is ours.
 */
export const isStopInSubject = (subject: string): boolean =>
  !/^\s*\p{L}{1,5}\s*(\[\d+\])?\s*[:：]/u.test(subject) && readKeyword(subject) === "stop";

/** In an e-mail these may mean a stop. Single words such as "end" stand in too many letters. */
const mailRefusals =
  /\b(unsub\w*|optout|(remove|take) (me|us|my (address|name|e ?mail))|stop (sending|e ?mailing|mailing|writing|contacting|these|this|it)|no more (e ?mails?|mails?|newsletters?)|(do not|don ?t|dont|never) (e ?mail|mail|write|send))\b/;

/**
 * Reads what an e-mail asks for, from its sender's own words: its first paragraph is a stop as a text message would be, because a
 * signature stands below; below a greeting a word of stop alone in its paragraph is one; elsewhere it may say that it has been enough. START and HELP are words of text messages.
 */
export function readMailKeyword(text: string): Extract<Keyword, "stop" | "maybe_stop"> | null {
  const own = ownWords(text);
  const [paragraph = "", ...further] = own.split(/\n\s*\n/);
  if (readKeyword(paragraph) === "stop") return "stop";
  if (further.some((one) => one.length <= longestWish && plainStopWords.has(plainText(one).replace(polite, "")))) return "stop";
  const whole = plainText(own);
  return maybeStopWords.has(plainText(paragraph)) ||
    isStopSign(paragraph) ||
    mailRefusals.test(whole) ||
    refusals.some((refusal) => refusal.test(whole))
    ? "maybe_stop"
    : null;
}

/** Reads what somebody asks for in what they wrote, on either channel. */
export const keywordOf = (channel: Channel, text: string): Keyword | null =>
  channel === "sms" ? readKeyword(text) : readMailKeyword(text);

/** Letters of other scripts that look like Latin ones, as some keyboards put them between these. */
const lookalikes: Readonly<Record<string, string>> = {
  о: "o",
  ο: "o",
  р: "p",
  ρ: "p",
  т: "t",
  τ: "t",
  ѕ: "s",
  е: "e",
  с: "c",
  а: "a",
  п: "p",
  π: "p",
};

/** A text as it was meant: "s t o p", "s.t.o.p" and "stopppp" are "stop", and so is one with a letter of another script. */
function unmasked(text: string): string {
  const joined = /^\p{L}(?:[\s-]+\p{L}){2,}$/u.test(text) ? text.replace(/[\s-]+/g, "") : text;
  const asLatin = Array.from(joined, (letter) => lookalikes[letter] ?? letter).join("");
  const isMixed = /[a-z]/.test(joined) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(joined);
  // A word that is Latin to the eye may have no Latin letter at all.
  const latin = isMixed || asLatin === "stop" ? asLatin : joined;
  return latin.replace(
    /^(?:please|pls|plz)?-?(stop)(?:p{2,}|(?:stop)+|\s?\d{1,6}|-?(?:please|pls|plz|it|now|(?:2|to)(?:end|quit|stop)))?$/,
    "$1",
  );
}

/** Flags and letters on coloured ground, with which "STOP" is drawn. Others of the kind are letters to Unicode, too. */
const lettersInBoxes = /[\u{1F1E6}-\u{1F1FF}\u{1F150}-\u{1F169}\u{1F170}-\u{1F189}]/gu;
const unboxed = (letter: string): string => {
  const code = letter.codePointAt(0) ?? 0;
  const first = code >= 0x1f1e6 ? 0x1f1e6 : code >= 0x1f170 ? 0x1f170 : 0x1f150;
  return String.fromCharCode(0x61 + code - first);
};

const maybeStopWords: ReadonlySet<string> = new Set(wordsOfMaybeStop.map(plainText).filter((word) => word !== ""));
/** Signs are no words, so they are looked for as they are, alone or several times. */
const isStopSign = (text: string): boolean => /^[🛑✋🚫⛔🖕🙅]+$/u.test(text.replace(/[\s\p{M}\p{Cf}\p{Sk}]/gu, ""));

/** Without the dashes at both ends. A pattern that looks for those at the end begins anew at each dash before them. */
function withoutDashes(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text[start] === "-") start += 1;
  while (end > start && text[end - 1] === "-") end -= 1;
  return text.slice(start, end);
}
