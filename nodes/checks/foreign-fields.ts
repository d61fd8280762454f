import { fieldOf, spellings } from "#contract/contact-fields.ts";
import { findContactName, findVariant } from "#contract/nearest-name.ts";
import { type TemplatePiece, templatePieces, writeMergeField } from "#contract/template.ts";
import { readJsonBraces } from "./json-braces.ts";

/** A field as another product writes it, and what it is called here where that is certain. */
interface ForeignField {
  raw: string;
  /** The merge field of the same meaning, with its braces. */
  own?: string;
}

/** The foreign fields of a text, and the text with those replaced whose meaning is certain. */
export interface ForeignFields {
  found: readonly ForeignField[];
  rewritten: string;
}

/** Nobody reads more than a few of these. */
const mostFound = 100;
/** Of so many it is looked up what they mean, which takes longer than to read on. */
const mostLookedUp = 1000;

/** A name between marks: words, a path, perhaps with what stands in where the value is missing. */
const name = String.raw`(\s*[\p{L}_$][^\r\n<>{}[\]()%*«»‹›;]{0,100}?)`;
const word = String.raw`(\p{L}[\p{L}\p{N}_.:-]{0,60}(?: [\p{L}\p{N}_.:-]{1,30}){0,3}(?:, ?fallback=[^\r\n<>{}[\]]{0,60})?)`;
const one = String.raw`(\p{L}[\p{L}\p{N}_.]{0,60})`;
const pattern = (source: string) => new RegExp(source, "gu");

/** Nobody writes these marks around words but where a product is to put something in. */
const certainMarks = [
  String.raw`\*\|\s*([\p{L}_][^|\r\n]{0,100}?)\s*\|\*`,
  String.raw`(?:<|&lt;)%[=-]?([^\r\n]{1,200}?)%(?:>|&gt;)`,
  String.raw`\{%([^\r\n]{1,200}?)%\}`,
  String.raw`(?:｛|&#123;|&#x7b;|&lbrace;|&lcub;){1,2}${name}\s*(?:｝|&#125;|&#x7d;|&rbrace;|&rcub;){1,2}`,
  String.raw`\{\s+\{${name}\s*\}\s*\}`,
  String.raw`[$#@]\{${name}\s*\}`,
  String.raw`\{!${name}\s*\}`,
  String.raw`\$\[${name}\s*\]\$?`,
  String.raw`\[\[(?!true\b|false\b|null\b)${name}\s*\]\]`,
  String.raw`\[((?:contact|subscriber|recipient|customer|user|person|lead|data|merge):[\p{L}_][\p{L}\p{N}_. -]{0,60})\]`,
  String.raw`(?:<<|&lt;&lt;)${name}\s*(?:>>|&gt;&gt;)`,
  `%%${name}%%`,
  String.raw`%((?:contact|subscriber|recipient|customer|user|person|lead)\.[\p{L}_][\p{L}\p{N}_.]{0,60})%`,
].map(pattern);

/** In a JSON they are ordinary, and a query in it has the names of fields between them. */
const braceMarks = [String.raw`\{${name}\s*\}\}?`].map(pattern);

/** These marks also stand around ordinary words, so what is between them has to be the name of something. */
const possibleMarks = [
  String.raw`\[${word}\]`,
  `%${word}%`,
  String.raw`(?:«|&laquo;)\s?${word}\s?(?:»|&raquo;)`,
  `‹${word}›`,
  String.raw`\(\(${word}\)\)`,
  String.raw`(?<![\p{L}\p{N}_])__${one}__(?![\p{L}\p{N}_])`,
  String.raw`(?<![\p{L}\p{N}$])\$${one}\$`,
  String.raw`(?<![\p{L}\p{N}#&])#${one}#`,
  String.raw`(?<![\p{L}\p{N}@])@${one}@`,
].map(pattern);

/** A pair of angle brackets may be a tag, which has the name of a custom field at times but not that of a contact's field. */
const tagMarks = [`(?<!<)<${word}>(?!>)`, `&lt;${word}&gt;`].map(pattern);

/** These emphasise words or stand before them, so only a part of somebody's name is taken for a field. */
const nameMarks = [
  String.raw`\(${word}\)`,
  String.raw`(?<![\p{L}\p{N}*])\*${one}\*(?![\p{L}\p{N}*])`,
  String.raw`(?<![\p{L}\p{N}_])_${one}_(?![\p{L}\p{N}_])`,
  String.raw`(?<![\p{L}\p{N}~])~${one}~(?![\p{L}\p{N}~])`,
  String.raw`(?<![\p{L}\p{N}-])-${one}-(?![\p{L}\p{N}-])`,
  String.raw`(?<![^\s,;>])[@$:]${one}`,
  String.raw`(?<=\b(?:[Hh]i|HI|[Hh]ello|HELLO|[Hh]ey|[Dd]ear|DEAR|[Hh]allo|[Ll]iebe[r]?|[Ll]iebe\(r\)|[Gg]uten Tag|[Hh]ola|[Bb]onjour|[Cc]h[eè]re?|[Cc]iao|[Oo]lá) )([\p{Lu}_]{4,12})(?![\p{L}\p{N}_])`,
].map(pattern);

/** Other products offer these beside the values of a contact. */
const offered =
  /^(unsub(scribe)?(d|_?(url|link|me))?|(list_)?unsubscribe|web_?version(_?(url|link))?|view_?in_?browser|archive(_?url)?|(current_?)?(year|date|day)|company(_?name)?|list_?(name|address|company)|sender_?(name|email)?|your_?name|customer_?name|recipient(_?name)?|business_?name)$/i;

/** Words that a file may have above its numbers, and that a text has between brackets for other reasons. */
const ordinary = /^(sms|mail|e-mail|mobile|cell|mobil|handy|portable|tel|gsm|id)$/i;

/**
 * Finds fields that were copied from another product, as `*|FNAME|*` is. `custom` are the paths of the workspace's custom fields by
 * their names. Where the meaning of a name is not certain it is found too, and stays as it is. In a JSON braces need a name that is known.
 */
export function findForeignFields(text: string, custom: ReadonlyMap<string, string> = new Map()): ForeignFields {
  const found = new Map<string, ForeignField>();
  const customNames = [...custom.keys()];
  let lookedUp = 0;
  const pieces = templatePieces(text);
  const inQuery = readJsonBraces(pieces);
  let begin = 0;
  const rewrite = (piece: string, offset: number): string => {
    let written = "";
    let at = 0;
    for (const { index, raw, inside, kind } of marked(piece)) {
      if ((kind === "brace" || kind === "name") && inQuery?.(begin + offset + index)) continue;
      if (index < at || lookedUp >= mostLookedUp || (found.size >= mostFound && !found.has(raw))) continue;
      lookedUp += 1;
      const own = found.get(raw)?.own ?? meaningOf(inside, kind === "tag" ? [] : customNames, custom);
      if (!isMeant(kind === "brace" ? (inQuery ? "possible" : "certain") : kind, inside, own)) continue;
      found.set(raw, { raw, ...(own !== undefined && { own }) });
      written += piece.slice(at, index) + (own ?? raw);
      at = index + raw.length;
    }
    return written + piece.slice(at);
  };
  const readPiece = ({ raw, field, problem }: TemplatePiece): string => {
    if (problem) return raw;
    if (!field) return outsideStyles(raw, rewrite);
    // A default is sent as it stands, so a field in it is never filled in. There is no other way to write it.
    for (const { name: filter, argument } of field.filters) {
      if (filter !== "default" || typeof argument !== "string") continue;
      const nested = /\{\{[^{}]{1,100}\}\}/.exec(argument)?.[0] ?? findForeignFields(argument, custom).found[0]?.raw;
      if (nested !== undefined) found.set(nested, { raw: nested });
    }
    return raw;
  };
  const rewritten = pieces.map((piece) => {
    const own = readPiece(piece);
    begin += piece.raw.length;
    return own;
  });
  return { found: [...found.values()], rewritten: rewritten.join("") };
}

/** The rules of a style sheet stand in braces, so what is in one stays. One that does not end reaches to the end. */
function outsideStyles(html: string, rewrite: (part: string, offset: number) => string): string {
  let offset = 0;
  const parts = html.split(/(?=<style\b)/i).map((part) => {
    const end = /^<style\b/i.test(part) ? part.toLowerCase().indexOf("</style") : 0;
    const own = end < 0 ? part : part.slice(0, end) + rewrite(part.slice(end), offset + end);
    offset += part.length;
    return own;
  });
  return parts.join("");
}

type Kind = "certain" | "brace" | "possible" | "tag" | "name";
const marks: readonly (readonly [Kind, readonly RegExp[]])[] = [
  ["certain", certainMarks],
  ["brace", braceMarks],
  ["possible", possibleMarks],
  ["tag", tagMarks],
  ["name", nameMarks],
];

interface Marked {
  index: number;
  raw: string;
  inside: string;
  kind: Kind;
}

/** Everything that stands between marks, in the order of the text; of several at one place the most certain comes first. */
function marked(piece: string): Marked[] {
  const all = marks.flatMap(([kind, patterns]) =>
    patterns.flatMap((each) =>
      [...piece.matchAll(each)].map((match) => ({ index: match.index, raw: match[0], inside: match[1] ?? "", kind })),
    ),
  );
  return all.sort((a, b) => a.index - b.index);
}

function isMeant(kind: Exclude<Kind, "brace">, inside: string, own: string | undefined): boolean {
  if (kind === "certain") return true;
  if (ordinary.test(inside.trim())) return false;
  if (kind === "name") return own !== undefined && /^\{\{ (firstname|lastname|name)\b/.test(own) && isWrittenAsName(inside);
  return own !== undefined || offered.test(inside.trim().replaceAll(" ", "_"));
}

/** Whether a word is spelled as only programs spell it: "(name)" and "*nom*" are ordinary words, "(First Name)" is none. */
const isWrittenAsName = (inside: string): boolean => /[_. ]|\p{Ll}\p{Lu}|^\p{Lu}+$|^(first|last|full)name$/u.test(inside);

const spelled = new Map<string, string>(spellings);

/** The part before the name of a field by which other products say whose it is, and what they write before and behind. */
const owners =
  /^(?:[$!#@]|(?:contacts?|subscriber|recipient|customer|user|person|people|lead|data|merge|params|attributes|profile|member)[.:]|var[.:=]|title:|upper:|lower:)+/i;

/** The merge field here that a foreign name means. Undefined where that is not certain. */
function meaningOf(inside: string, customNames: readonly string[], custom: ReadonlyMap<string, string>): string | undefined {
  const [, head = "", instead] = /^([^,|]*?)\s*(?:,\s*fallback\s*=\s*|\|\s*default\s*[:=(]\s*|[|]\s*)(.*)$/isu.exec(inside) ?? [
    undefined,
    inside,
  ];
  const bare = head.trim().replace(owners, "").trim();
  if (bare === "" || bare.length > 60) return undefined;
  const known = findContactName(bare);
  const customName = known === undefined ? findVariant(bare, customNames) : undefined;
  const source = known === undefined ? custom.get(customName ?? "") : (fieldOf(known) ?? spelled.get(known) ?? known);
  if (source === undefined) return undefined;
  const argument = instead?.trim().replace(/^["'“”‘’](.*?)["'“”‘’]\)?$/u, "$1");
  const isPlain = argument !== undefined && /^[^"'{}|<>]{0,60}$/.test(argument);
  return writeMergeField({ source, filters: isPlain ? [{ name: "default", argument }] : [] });
}
