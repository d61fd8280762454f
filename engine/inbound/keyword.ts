/** What a text asks for. `maybe_stop`: it may mean that the person wants no more messages, and a person should read it. */
export type Keyword = "stop" | "start" | "help" | "maybe_stop";

/**
 * The words of Twilio and of the FCC, by which anybody may stop messages (47 CFR 64.1200(a)(10)), and their Spanish and
 * French fellows.
 */
const stopWords = new Set([
  ...["stop", "stopall", "stop all", "unsubscribe", "unsub", "cancel", "end", "quit", "revoke", "optout", "opt out", "remove", "remove me"],
  ...["alto", "parar", "basta", "cancelar", "arret", "arreter", "arretez", "stopp"],
]);
const startWords = new Set(["start", "unstop"]);
const helpWords = new Set(["help", "info"]);
/** With these a short text is a stop whatever stands around them. Others, such as "end", begin quite other sentences. */
const plainStopWords = new Set([
  ...[
    "stop",
    "stopall",
    "unsubscribe",
    "unsub",
    "optout",
    "revoke",
    "quit",
    "alto",
    "parar",
    "basta",
    "arret",
    "arreter",
    "arretez",
    "stopp",
  ],
]);
/** Before a plain word these change nothing: "please stop", "por favor basta". */
const polite = /^(please|pls|plz|por favor|bitte|s il vous plait|s il te plait|svp)\s+/;
/** After a plain word these make it another one: "stop by at five". */
const otherwise = /^(by|at|in|over|here|there)$/;
/** Words of people who want no more, without a stop word. They may mean something else, so a person reads them. */
const refusals = [
  /\b(do not|don ?t|dont|never|quit|no longer) (text|texting|message|messaging|contact|contacting|sms|call|write|bother)\b/,
  /\bno more (texts?|messages?|sms|msgs?|spam)\b/,
  /\b(leave me alone|take me off|lose my number|delete my number|wrong number|not interested)\b/,
  /\bno (mas|quiero) (mensajes|recibir)|\bno me (escriba|escriban|envie|envien|mande|manden)\b|\bdar(me)? de baja\b|\bdejen? de\b/,
  /\bplus de (messages|sms)\b|\bne (m )?(ecrivez|envoyez|contactez) plus\b|\bdesabonne[rz]?\b|\bdesinscri/,
  /\bkeine (nachrichten|sms)( mehr)?\b|\babmelden\b|\babbestellen\b/,
];

/** An SMS of ten parts has 1,600 characters. What is longer is cut, so that nobody chooses how long reading takes. */
const longestRead = 2_000;

/**
 * Reads a text in three levels: the whole of it is one of the words; it is short and begins with one, or with "please" and
 * one; it holds one somewhere, or says in other words that it may have been enough. Capitals, accents, signs and emoji do not
 * count.
 */
export function readKeyword(text: string): Keyword | null {
  const plain = text
    .slice(0, longestRead)
    .normalize("NFKD")
    // Marks, and signs that nobody sees, such as those that some keyboards put between letters.
    .replace(/[\p{M}\p{Cf}]/gu, "")
    .toLowerCase()
    .replace(/opt(ed|ing)?[-\s]+out/g, "optout")
    .replace(/\bstop-+all\b/g, "stopall")
    .replace(/[^\p{L}\p{N}\s-]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  const whole = withoutDashes(plain).trim();
  if (stopWords.has(whole)) return "stop";
  if (startWords.has(whole)) return "start";
  if (helpWords.has(whole)) return "help";
  const asked = whole.replace(polite, "");
  const words = asked.split(" ");
  const [first = "", second = ""] = words;
  if (whole.split(" ").length <= 5 && plainStopWords.has(first) && !otherwise.test(second)) return "stop";
  return words.some((word) => stopWords.has(word)) || refusals.some((refusal) => refusal.test(whole)) ? "maybe_stop" : null;
}

/** Without the dashes at both ends. A pattern that looks for those at the end begins anew at each dash before them. */
function withoutDashes(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text[start] === "-") start += 1;
  while (end > start && text[end - 1] === "-") end -= 1;
  return text.slice(start, end);
}
