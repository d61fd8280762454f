import { domainToASCII } from "node:url";

/** Outside quotes, and without anything that another parser could read as a second address, a comment or a line break. */
const localPart = /^[^\s\p{C}"(),:;<>@[\]\\]{1,64}$/u;
const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/i;

/**
 * One bare address that every mail program reads alike, with its domain in ASCII; undefined when it is not. Parsers of
 * address *lists* disagree about quotes, comments and groups, and mail has gone to strangers that way. So nothing else
 * reaches a mail library from here.
 */
export function toPlainAddress(text: string): string | undefined {
  const at = text.indexOf("@");
  if (at === -1 || at !== text.lastIndexOf("@") || text.length > 254) return undefined;
  const local = text.slice(0, at);
  if (!localPart.test(local) || local.startsWith(".") || local.endsWith(".") || local.includes("..")) return undefined;
  const domain = text.slice(at + 1);
  // Before domainToASCII, which quietly drops or rewrites some characters.
  if (/[\s\p{C}"(),:;<>[\]\\/?#%]/u.test(domain)) return undefined;
  const ascii = domainToASCII(domain);
  // A domain that is a number would be read as an IP address.
  if (!ascii.split(".").every((part) => label.test(part)) || /^[0-9.]+$/.test(ascii)) return undefined;
  const address = `${local}@${ascii}`;
  return address.length <= 254 ? address : undefined;
}
