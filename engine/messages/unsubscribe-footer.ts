import { languageOfContact, unsubscribeWords } from "#contract/unsubscribe-words.ts";
import type { ContactFields, WorkspaceFields } from "../flow/node-executor.ts";

/**
 * Adds what every marketing e-mail must have to the end of one: who sent it, where the business is reached by post, and the link
 * by which its recipient unsubscribes. A part in which the author has put the link already gets no second one.
 */
export function addUnsubscribeFooter<Parts extends { text: string; html: string | null }>(
  message: Parts,
  { url, contact, workspace }: { url: string; contact: ContactFields; workspace: WorkspaceFields },
): Parts {
  const words = unsubscribeWords[languageOfContact(contact.metadata) ?? "en"];
  const sender = [workspace.name, ...(workspace.postalAddress ?? "").split(/\r?\n/)]
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const text = [sender.join(", "), ...(message.text.includes(url) ? [] : [`${words.link}: ${url}`])].join("\n");
  if (message.html === null) return { ...message, text: `${message.text.trimEnd()}\n\n-- \n${text}\n` };
  const link =
    message.html.includes(escapeHtml(url)) || message.html.includes(url)
      ? ""
      : `<br><a href="${escapeHtml(url)}">${escapeHtml(words.link)}</a>`;
  const footer = `<p style="margin-top:24px;font-size:12px;line-height:1.5;color:#6b7280">${sender.map(escapeHtml).join("<br>")}${link}</p>`;
  return { ...message, text: `${message.text.trimEnd()}\n\n-- \n${text}\n`, html: beforeEnd(message.html, footer) };
}

/** What stands behind the end of the body is shown by few programs. */
export function beforeEnd(html: string, footer: string): string {
  // The last one is looked for by going on from each to the next: a look ahead from each to the end takes the square of the time.
  let end: number | undefined;
  for (const { index } of html.matchAll(/<\/body\s*>/gi)) end = index;
  return end === undefined ? html + footer : html.slice(0, end) + footer + html.slice(end);
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] as string);
