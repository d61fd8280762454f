// What people write for yes and no in English, Spanish, French, German and Greek, folded as names are (contract/fold.ts).
const yes = new Set([
  ..."yes y yep yeah yea yup ya sure ok okay okey k absolutely definitely correct confirm confirmed".split(" "),
  ..."si claro vale oui ouais ja jawohl jep klar gerne ναι μαλιστα nai 👍 ✅".split(" "),
]);
const no = new Set("no n nope nah never non nein nee οχι oxi 👎 ❌".split(" "));
/** They begin with one of the words and say neither. */
const neither = /^(no (problem|worries|idea|clue|se|estoy seguro)|ok (but|aber|mais|pero)|si (no|puedo))\b/;

/**
 * Whether a text says yes or no: its first word tells. `words` is the text, folded and without punctuation. Null where it says
 * neither.
 */
export function readYesNo(words: string): "yes" | "no" | null {
  if (neither.test(words)) return null;
  const [first = ""] = words.split(" ");
  // A thumb of another colour is the same thumb.
  const plain = first.replace(/[\u{1F3FB}-\u{1F3FF}\uFE0F]/gu, "");
  if (yes.has(plain)) return "yes";
  return no.has(plain) ? "no" : null;
}
