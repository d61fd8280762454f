/** The longest address that fits into SMTP's `MAIL FROM:<…>`. */
const longestEmail = 254;
const longestLocalPart = 64;

/**
 * The one shape of an address that we hand to a mail server: plain ASCII, one @, dots only between characters, a domain
 * with a dot whose last label is not a number. No quotes, comments, spaces, groups or control characters: every such
 * form has been used to send mail elsewhere than it seemed. A domain in another script goes in its xn-- form.
 *
 * The database keeps the same rule in `contacts.email_usable` (a test holds the two together), so it uses only what
 * JavaScript and Postgres read alike.
 */
const local = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+([.][A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*";
const label = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?";
const lastLabel = "[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]";
const pattern = new RegExp(`^${local}@(${label}[.])+${lastLabel}$`);

/** The same rule for SQL, for addresses that a column holds with blanks around them. */
export const sendableEmailRule = { pattern: pattern.source, longest: longestEmail, longestLocalPart };

/** Whether a message may be addressed to it: the filter, the gate before a send and the channels all ask this. */
export function isSendableEmail(address: string | null | undefined): address is string {
  if (!address || address.length > longestEmail) return false;
  return address.indexOf("@") <= longestLocalPart && pattern.test(address);
}

/**
 * An address as it is kept: a domain in another script goes in its xn-- form, in which mail servers know it. What is no such address stays as
 * it was typed.
 */
export function withPlainDomain(typed: string): string {
  const at = typed.lastIndexOf("@");
  const domain = typed.slice(at + 1);
  if (typed.length > longestEmail || !/[^ -~]/.test(domain) || !/^[\p{L}\p{M}\p{N}.-]+$/u.test(domain)) return typed;
  const plain = `${typed.slice(0, at)}@${URL.parse(`https://${domain}`)?.hostname ?? ""}`;
  return isSendableEmail(plain) ? plain : typed;
}
