import { countSegments } from "#contract/sms-segments.ts";
import { parseTemplate } from "#contract/template.ts";
import { type CheckedGraph, isRecord, type Report } from "../graph/checked-node.ts";
import { type HtmlTag, htmlTags } from "./html-tags.ts";

/** Telephones show about so many characters of a subject. */
const shownSubject = 60;
const usualParts = 3;

/** Tells what is unusual about the contents of messages. */
export function checkContents({ nodes }: CheckedGraph, report: Report): void {
  for (const { id: nodeId, definition, config } of nodes.values()) {
    if (!isRecord(config)) continue;
    const tell: Tell = (code, message, field, fix) => report(code, message, { nodeId, field, ...(fix && { fix }) });
    if (definition?.channel === "sms" && typeof config.text === "string") checkSms(config.text, tell);
    if (definition?.channel !== "email") continue;
    if (typeof config.subject === "string") checkSubject(config.subject, tell);
    if (typeof config.html === "string") checkHtml(config.html, tell);
  }
}

type Tell = (code: Parameters<Report>[0], message: string, field: string, fix?: NonNullable<Parameters<Report>[2]>["fix"]) => void;

/** The text as it is at its shortest: each merge field has its default, or nothing. */
const shortest = (text: string): string | undefined =>
  parseTemplate(text)
    .parts?.map((part) => ("text" in part ? part.text : String(part.filters.find(({ name }) => name === "default")?.argument ?? "")))
    .join("");

function checkSms(text: string, tell: Tell): void {
  const merged = shortest(text);
  if (merged === undefined) return;
  const { segments, encoding, offending } = countSegments(merged);
  if (segments > usualParts)
    tell("sms_many_parts", `This message is sent in ${segments} parts at the least, and each is paid for.`, "text");
  if (encoding !== "ucs2") return;
  const plain = [...merged].filter((character) => !offending.includes(character)).join("");
  const without = countSegments(plain).segments;
  if (offending.length > 3 || without >= segments) return;
  const signs = offending.map((character) => `“${character}”`).join(" and ");
  const message = `${signs} ${offending.length === 1 ? "makes" : "make"} each part hold 70 characters instead of 160: ${segments} parts instead of ${without}.`;
  const value = replaceOutsideFields(text, (piece) => [...piece].map((character) => plainSigns.get(character) ?? character).join(""));
  const isPlain = countSegments(shortest(value) ?? "").encoding === "gsm7";
  tell("sms_unicode_by_one_character", message, "text", isPlain ? { kind: "set", label: "Use plain signs", value } : undefined);
}

/** Signs that word processors write, with those that every telephone knows. */
const plainSigns: ReadonlyMap<string, string> = new Map([
  ...[..."‘’‚‛´`ʼ′"].map((sign) => [sign, "'"] as const),
  ...[..."“”„‟«»″"].map((sign) => [sign, '"'] as const),
  ...[..."‐‑‒–—―−•·"].map((sign) => [sign, "-"] as const),
  ...[..."\u00a0\u2002\u2003\u2009\u202f"].map((sign) => [sign, " "] as const),
  ["…", "..."],
]);

const replaceOutsideFields = (text: string, replace: (piece: string) => string): string =>
  text
    .split(/(\{\{[^{}]*\}\})/)
    .map((piece, index) => (index % 2 === 0 ? replace(piece) : piece))
    .join("");

function checkSubject(subject: string, tell: Tell): void {
  const length = shortest(subject)?.length ?? 0;
  if (length > shownSubject)
    tell("subject_long", `Telephones cut a subject after about ${shownSubject} characters; this has ${length}.`, "subject");
}

function checkHtml(html: string, tell: Tell): void {
  const tags = htmlTags(html);
  const unsafe = [...new Set(tags.flatMap(unsafePart))];
  if (unsafe.length > 0) {
    tell("html_unsafe", `Mail programs take no ${unsafe.join(", ")}. Remove it.`, "html");
  }
  const links = tags.filter(({ name, attributes }) => name === "a" && isBroken(attributes.get("href")));
  if (links.length > 0) {
    const [first] = links;
    const href = first?.attributes.get("href")?.trim();
    const which = href ? `“${href.slice(0, 60)}”` : "A link without an address";
    tell("link_broken", `${which} leads nowhere. An address begins with https://`, "html");
  }
  const images = tags.filter(({ name, attributes }) => name === "img" && !attributes.has("alt")).length;
  if (images > 0) {
    const which = images === 1 ? "An image has" : `${images} images have`;
    tell("image_without_alt", `${which} no text for those who do not see it (alt).`, "html");
  }
}

const forbidden = new Set(["script", "form", "iframe", "object", "embed", "base"]);

/** What of a tag no mail program runs or every one removes, in the author's words. */
function unsafePart({ name, attributes }: HtmlTag): string[] {
  const found = forbidden.has(name) ? [`<${name}>`] : [];
  for (const [key, value] of attributes) {
    if (/^on[a-z]+$/.test(key)) found.push(key);
    // Browsers pass over blanks and control characters in the name of a scheme.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    else if (/^(href|src|action|background)$/.test(key) && /^javascript:/i.test(value.replace(/[\u0000-\u0020]/g, "")))
      found.push("javascript: in links");
  }
  return found;
}

/** Whether a link leads nowhere. An address that a merge field gives is known only when it is sent. */
function isBroken(href: string | undefined): boolean {
  const address = href?.trim() ?? "";
  if (address === "" || address === "#") return true;
  if (address.includes("{{")) return false;
  if (/^(mailto:|tel:|sms:)./i.test(address) || /^#./.test(address)) return false;
  return !(/^https?:\/\//i.test(address) && URL.canParse(address));
}
