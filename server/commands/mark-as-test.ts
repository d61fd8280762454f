import type { Channel } from "#contract/messages.ts";

interface Message {
  subject: string | null;
  text: string;
  html: string | null;
}

/** What stands before the texts of a message that somebody sends to themselves for a trial, so that nobody takes it for the real one. */
const mark = "TEST";

/** @param as what the contact is called for whom the message is filled in; null where they have no name */
export function markAsTest({ channel, subject, text, html }: Message & { channel: Channel }, as: string | null): Message {
  if (channel === "sms") return { subject: null, text: `${mark}: ${text}`, html: null };
  const line = `${mark}. ${as ?? "The contact"} would get this:`;
  return { subject: `${mark}: ${subject ?? ""}`.trimEnd(), text: `${line}\n\n${text}`, html: html && withBanner(html, line) };
}

function withBanner(html: string, line: string): string {
  const banner = `<div style="padding:8px 12px;background:#fff3cd;color:#5c4400;font:bold 14px sans-serif">${escaped(line)}</div>`;
  const body = /<body\b(?:[^>"']|"[^"]*"|'[^']*')*>/i.exec(html);
  if (!body) return `${banner}${html}`;
  const at = body.index + body[0].length;
  return html.slice(0, at) + banner + html.slice(at);
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
