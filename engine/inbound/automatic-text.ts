/**
 * How SMS begin that phones send by themselves. They are the texts of Apple's driving focus, of Android's driving mode and of
 * messaging apps, in the languages of which we know them.
 */
const beginnings = [
  /^(auto(matic)?[\s-]?(reply|response|answer)|automatische antwort|respuesta automatica|reponse automatique)\b/,
  /^\(?i'?m not receiving notifications\b/,
  /^i'?m driving (with do not disturb|with focus|right now|now)\b.*/,
  /^i'?m (currently )?out of (the )?office\b/,
  /^(driving|do not disturb)\W+sent (automatically )?(from|by)\b/,
  /^ich fahre gerade\b.*(nicht storen|fokus|spater)/,
  /^(sent automatically|this is an automated? (reply|response|message))\b/,
];

/** Whether the text of an SMS is one that a phone sends by itself. */
export function isAutomaticText(text: string): boolean {
  const plain = text.slice(0, 500).normalize("NFKD").replace(/\p{M}/gu, "").replace(/[’‘]/g, "'").toLowerCase().trim();
  return beginnings.some((beginning) => beginning.test(plain));
}
