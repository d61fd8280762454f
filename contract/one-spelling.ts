/**
 * One subscriber may appear under several numbers in international form. Each of these names the form under which Sluice keeps the subscriber, so
 * that everything that compares numbers compares one text with another: contacts, the suppression list, consents, replies, the sandbox. Which
 * forms are one subscriber, and which are not though they look like it, docs/decisions/0069 says.
 */
const spellings: readonly [RegExp, string][] = [
  // Argentina dials a mobile phone from abroad with a 9 behind the country code. Carriers report it without. SMS go to mobile phones alone.
  [/^\+54(11\d{8}|[23]\d{9})$/, "+549$1"],
  // Within Argentina a mobile phone has 15 behind its area code, which some people leave there.
  [/^\+549(11)15(\d{8})$/, "+549$1$2"],
  [/^\+549([23]\d{2})15(\d{7})$/, "+549$1$2"],
  [/^\+549([23]\d{3})15(\d{6})$/, "+549$1$2"],
  // Mexico put a 1 before its mobile phones until 2019.
  [/^\+521(\d{10})$/, "+52$1"],
  // Brazil put a 9 before its mobile phones until 2016. Those that begin with 7 were trunked radio and stayed as they were.
  [/^\+55([1-9]{2})([689]\d{7})$/, "+55$19$2"],
  // Benin put 01 before every number in 2024.
  [/^\+229(\d{8})$/, "+22901$1"],
];

/** A number in international form, as its subscriber is known. */
export function oneSpelling(e164: string): string {
  for (const [form, known] of spellings) if (form.test(e164)) return e164.replace(form, known);
  return e164;
}
