/** Mail programs begin a quotation with these lines, in the programs and languages of which we know it. The rest of the mail is ours or older. */
const beginnings = [
  /^-{2,}\s*(?:original message|forwarded message|urspr[uü]ngliche nachricht|mensaje original|message d'origine|messaggio originale)\s*-{2,}$/i,
  /^_{20,}$/,
  /^on\b.{5,300}\bwrote:$/i,
  /^am\b.{5,300}\bschrieb\b.{0,200}:$/i,
  /^el\b.{5,300}\bescribi[oó]:$/i,
  /^le\b.{5,300}\ba [eé]crit\s?:$/i,
  /^il\b.{5,300}\bha scritto:$/i,
  /^em\b.{5,300}\bescreveu:$/i,
];
/** The head of a quoted mail as Outlook writes it: a name and an address, then when it was sent. */
const from = /^(?:from|von|de|da)\s?:\s.*@/i;
const sent = /^(?:sent|date|gesendet|datum|enviado(?: el)?|fecha|envoy[eé]|inviato|data)\s?:\s/i;

/** More lines than a person writes. */
const mostLines = 5_000;
const longestText = 10_000;

/** The text that somebody wrote, without the mail below that they answer. Where nothing would be left it is the whole. */
export function visibleText(text: string): string {
  const lines = text
    .replaceAll("\r\n", "\n")
    .split("\n", mostLines)
    .map((line) => line.trimEnd());
  const end = lines.findIndex((line, index) => beginsQuote(lines, line, index));
  const kept = (end === -1 ? lines : lines.slice(0, end)).filter((line) => !line.startsWith(">"));
  const visible = kept
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
  return (visible === "" ? text.trim() : visible).slice(0, longestText);
}

function beginsQuote(lines: readonly string[], line: string, index: number): boolean {
  const words = line.trim().slice(0, 600);
  if (words === "") return false;
  if (isBeginning(words)) return true;
  // "On … <…> wrote:" is often broken into two lines.
  const next = lines[index + 1]?.trim().slice(0, 300) ?? "";
  if (!isBeginning(next) && isBeginning(`${words} ${next}`)) return true;
  return from.test(words) && lines.slice(index + 1, index + 4).some((below) => sent.test(below.trim()));
}

const isBeginning = (words: string): boolean => beginnings.some((beginning) => beginning.test(words));
