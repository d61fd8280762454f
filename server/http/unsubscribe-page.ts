import { createHash } from "node:crypto";
import type { RecipientLanguage, UnsubscribeWords } from "#contract/unsubscribe-words.ts";
import { unsubscribeWords } from "#contract/unsubscribe-words.ts";
import type { Subscription } from "#engine/inbound/subscription-rows.ts";

/** What the page shows: the question, what was done, or that the link leads nowhere. */
export type UnsubscribeView =
  | { kind: "broken" }
  | { kind: "sample" }
  | { kind: "question" | "done" | "saved"; subscription: Subscription; address: string };

const style = `
:root { color-scheme: light dark; --page: #f6f8fa; --card: #fff; --text: #1b1f24; --quiet: #57606a; --line: #d0d7de; --main: #0b5cad; --on-main: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --page: #0f1419; --card: #171d24; --text: #e6edf3; --quiet: #9aa7b4; --line: #3a444e; --main: #7cb7f5; --on-main: #0f1419; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem 1rem; background: var(--page); color: var(--text); font: 16px/1.55 system-ui, sans-serif; }
main { width: 100%; max-width: 30rem; background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.75rem; overflow-wrap: anywhere; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 .75rem; }
p { margin: 0 0 1.25rem; }
fieldset { border: 0; border-top: 1px solid var(--line); margin: 1.75rem 0 0; padding: 1.25rem 0 0; }
legend { float: left; width: 100%; font-weight: 600; margin-bottom: .75rem; padding: 0; }
label { clear: both; display: flex; gap: .65rem; align-items: flex-start; padding: .35rem 0; }
input { width: 1.15rem; height: 1.15rem; margin: .2rem 0 0; flex: none; accent-color: var(--main); }
.hint { color: var(--quiet); font-size: .9rem; margin: 0 0 .5rem 1.8rem; }
button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: .5rem 1.25rem; border-radius: 8px; cursor: pointer; border: 1px solid var(--main); background: var(--main); color: var(--on-main); }
fieldset button { margin-top: .75rem; background: transparent; color: var(--main); }
:focus-visible { outline: 3px solid var(--main); outline-offset: 2px; }
`;

/** The page loads nothing and runs nothing: its one style is known by its hash, and its forms lead back to itself. */
export const unsubscribePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Writes the page at which a person unsubscribes, in a language of theirs. It works without scripts. */
export function renderUnsubscribePage(view: UnsubscribeView, language: RecipientLanguage): string {
  const words = unsubscribeWords[language];
  const { title, body } = contentOf(view, words);
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
}

function contentOf(view: UnsubscribeView, words: UnsubscribeWords): { title: string; body: string } {
  if (view.kind === "broken") return { title: words.brokenTitle, body: paragraph(words.broken) };
  if (view.kind === "sample") return { title: words.sampleTitle, body: paragraph(words.sample) };
  const { subscription, address } = view;
  const fill = (text: string) => fillWords(text, { sender: subscription.workspaceName, address });
  const choices = choicesOf(subscription, words, fill);
  if (view.kind === "saved") return { title: words.savedTitle, body: `${paragraph(words.saved)}\n${choices}` };
  if (subscription.email === "locked") return { title: words.title, body: `${paragraph(fill(words.locked))}\n${choices}` };
  if (subscription.email === "closed") return { title: words.doneTitle, body: `${paragraph(fill(words.done))}\n${choices}` };
  const form = `<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>${escapeHtml(words.button)}</button></form>`;
  return { title: words.title, body: `${paragraph(fill(words.question))}\n${form}\n${choices}` };
}

function choicesOf({ email, sms }: Subscription, words: UnsubscribeWords, fill: (text: string) => string): string {
  // Where there is only one thing to choose, the button above does it.
  if (sms === null ? email !== "closed" : email === "locked" && sms !== "open") return "";
  const box = (name: string, text: string, { checked, disabled }: { checked: boolean; disabled: boolean }) =>
    `<label><input type="checkbox" name="${name}"${checked ? " checked" : ""}${disabled ? " disabled" : ""}><span>${escapeHtml(text)}</span></label>`;
  const smsBox = sms === null ? "" : box("sms", words.sms, { checked: sms === "open", disabled: sms === "closed" });
  const hint = sms === "closed" ? `<p class="hint">${escapeHtml(words.smsBack)}</p>` : "";
  return `<form method="post"><fieldset><legend>${escapeHtml(fill(words.choices))}</legend>
<input type="hidden" name="save" value="choices">
${box("email", fill(words.email), { checked: email === "open", disabled: email === "locked" })}
${smsBox}${hint}
<button>${escapeHtml(words.save)}</button></fieldset></form>`;
}

/** Fills in names, also in the words that are kept as what a person saw. */
export const fillWords = (text: string, names: { sender: string; address: string }): string =>
  text.replace(/\{(sender|address)\}/g, (_, name: "sender" | "address") => names[name]);

/** Enough of an address to know one's own, and not enough for somebody else to learn it. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf("@");
  return `${address.slice(0, 1)}…${address.slice(at)}`;
}

const paragraph = (text: string) => `<p>${escapeHtml(text)}</p>`;
const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] as string);
