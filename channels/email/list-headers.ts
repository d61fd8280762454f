import type { OutgoingMessage } from "../channel.ts";

/**
 * The headers of an e-mail that people can unsubscribe from (RFC 2369, RFC 8058), and the name under which Gmail counts its complaints.
 * The program that shows it then has a button of its own, which asks us without opening a page; it may do so over https only.
 * @throws where a value holds a line break, which would begin another header
 */
export function listHeaders({ unsubscribeUrl, campaign, workspaceId }: OutgoingMessage): Record<string, string> {
  if (unsubscribeUrl === undefined) return {};
  const headers = {
    "List-Unsubscribe": `<${unsubscribeUrl}>`,
    ...(unsubscribeUrl.startsWith("https:") && { "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" }),
    ...(campaign !== undefined && { "Feedback-ID": `${campaign}:${workspaceId}:marketing:sluice` }),
  };
  for (const [name, value] of Object.entries(headers)) requireOneLine(name, value);
  return headers;
}

/** Everything that a header may not hold is refused before a library sees it. */
function requireOneLine(name: string, value: string): void {
  if (/[\p{Cc}\u2028\u2029]/u.test(value)) throw new Error(`The value of the header ${name} holds a control character.`);
}
