import { beginsAsAutomatic, plainBeginning } from "#channels/automatic-answer.ts";

/** How SMS begin that phones send by themselves: the texts of Apple's driving focus, of Android's driving mode and of messaging apps. */
const beginnings = [
  /^\(?i'?m not receiving notifications\b/,
  /^i'?m driving (with do not disturb|with focus|right now|now)\b.*/,
  /^i'?m (currently )?out of (the )?office\b/,
  /^(driving|do not disturb)\W+sent (automatically )?(from|by)\b/,
  /^ich fahre gerade\b.*(nicht storen|fokus|spater)/,
  /^estoy (conduciendo|manejando) con\b/,
  /^je (conduis|suis au volant)\b.*(ne pas deranger|concentration)/,
  /^sto guidando con\b/,
  /^estou (dirigindo|a conduzir) com\b/,
  /^ik ben aan het rijden met\b/,
  /^(sent automatically|this is an automated? (reply|response|message))\b/,
];

/** Whether the text of an SMS is one that a phone sends by itself. */
export function isAutomaticText(text: string): boolean {
  const plain = plainBeginning(text);
  return beginsAsAutomatic(text) || beginnings.some((beginning) => beginning.test(plain));
}
