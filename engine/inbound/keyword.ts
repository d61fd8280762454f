/** What a text asks for. `maybe_stop`: it may mean that the person wants no more messages, and a person should read it. */
export type Keyword = "stop" | "start" | "help" | "maybe_stop";

/**
 * The words of Twilio and of the FCC, by which anybody may stop messages (47 CFR 64.1200(a)(10)), and their Spanish and
 * French fellows.
 */
const stopWords = new Set([
  ...["stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out", "remove", "remove me"],
  ...["alto", "parar", "basta", "cancelar", "arret", "arreter", "stopp"],
]);
const startWords = new Set(["start", "unstop"]);
const helpWords = new Set(["help", "info"]);
/** With these a short text is a stop whatever stands around them. Others, such as "end", begin quite other sentences. */
const plainStopWords = new Set(["stop", "stopall", "unsubscribe", "optout", "revoke", "quit"]);

/**
 * Reads a text in three levels: the whole of it is one of the words; it is short and begins with one, or with "please" and
 * one; it holds one somewhere. Capitals, accents, signs and emoji do not count.
 */
export function readKeyword(text: string): Keyword | null {
  const plain = text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/opt[-\s]+out/g, "optout")
    .replace(/[^\p{L}\p{N}\s-]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  const whole = plain.replace(/^-+|-+$/g, "").trim();
  if (stopWords.has(whole)) return "stop";
  if (startWords.has(whole)) return "start";
  if (helpWords.has(whole)) return "help";
  const words = whole.split(" ");
  const [first = "", second = ""] = words;
  const leading = first === "please" || first === "pls" ? second : first;
  if (words.length <= 5 && plainStopWords.has(leading) && !/^(by|at|in|over|here|there)$/.test(words[words.indexOf(leading) + 1] ?? ""))
    return "stop";
  return words.some((word) => stopWords.has(word)) ? "maybe_stop" : null;
}
