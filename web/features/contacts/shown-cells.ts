import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";

/** What a workbook holds beside the sheet that is read. */
export interface WorkbookFacts {
  /** The name of the sheet that is read, which is the first. */
  sheet: string;
  /** How many more there are. */
  more: number;
  /** How many of its rows are hidden, as by a filter. */
  hidden: number;
  /** The cells of that sheet that show an error such as #N/A: the first of them with their errors, and how many there are. */
  errors: { count: number; first: string[] };
}

const longestList = 5;
const attribute = (tag: string, name: string): string | undefined =>
  new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]?.replace(/&(amp|lt|gt|quot|apos);/g, (_, entity: string) => entities[entity] ?? "");
const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/**
 * Makes a workbook say what its first sheet shows. A number that its format fills with zeros, such as the postal code 00501, is stored as 501,
 * and becomes the text that a person sees. A cell with an error becomes empty, and is told. So does a hidden row: whoever filtered a list to some
 * people means these.
 *
 * @throws when the bytes are no workbook
 */
export function withShownCells(workbook: ArrayBuffer): { workbook: ArrayBuffer; facts: WorkbookFacts } {
  const files = unzipSync(new Uint8Array(workbook), { filter: ({ name }) => /\.(xml|rels)$/.test(name) });
  const read = (path: string) => (files[path] ? strFromU8(files[path]) : "");
  const sheets = read("xl/workbook.xml").match(/<(?:\w+:)?sheet\s[^>]*>/g) ?? [];
  const [first = ""] = sheets;
  const id = attribute(first, "r:id") ?? attribute(first, "\\w+:id");
  const link = (read("xl/_rels/workbook.xml.rels").match(/<(?:\w+:)?Relationship\s[^>]*>/g) ?? []).find(
    (tag) => attribute(tag, "Id") === id,
  );
  const target = (link && attribute(link, "Target")) ?? "";
  const path = target.startsWith("/") ? target.slice(1) : `xl/${target}`;
  const errors: WorkbookFacts["errors"] = { count: 0, first: [] };
  const patterns = zeroPatterns(read("xl/styles.xml"));
  let hidden = 0;
  const visible = read(path).replace(/<((?:\w+:)?)row((?:\s[^>]*?)?[^/>])?>([\s\S]*?)<\/\1row>/g, (row, prefix: string, tag = "") => {
    if (!/^(1|true)$/.test(attribute(tag, "hidden") ?? "")) return row;
    hidden += 1;
    return `<${prefix}row${tag}/>`;
  });
  const shown = visible.replace(/<((?:\w+:)?)c(\s[^>]*?)?(?:\/>|>([\s\S]*?)<\/\1c>)/g, (cell, prefix: string, tag = "", inner = "") => {
    const type = attribute(tag, "t") ?? "n";
    const value = new RegExp(`<${prefix}v(?:\\s[^>]*)?>([^<]*)<`).exec(inner)?.[1] ?? "";
    const at = attribute(tag, "r");
    if (type === "e") {
      errors.count += 1;
      if (errors.first.length < longestList) errors.first.push([value, at].filter(Boolean).join(" in "));
      return `<${prefix}c${at ? ` r="${at}"` : ""}/>`;
    }
    const pattern = type === "n" ? patterns.get(Number(attribute(tag, "s") ?? -1)) : undefined;
    if (pattern === undefined || !/^\d+$/.test(value)) return cell;
    const text = `<${prefix}is><${prefix}t xml:space="preserve">${filled(pattern, value)}</${prefix}t></${prefix}is>`;
    return `<${prefix}c${at ? ` r="${at}"` : ""} t="inlineStr">${text}</${prefix}c>`;
  });
  const zipped = zipSync({ ...files, [path]: strToU8(shown) }, { level: 0 });
  return {
    workbook: zipped.buffer as ArrayBuffer,
    facts: { sheet: attribute(first, "name") ?? "", more: Math.max(sheets.length - 1, 0), hidden, errors },
  };
}

/** The styles of cells whose format consists of zeros and what separates them, such as 00000 or 00000-0000, each with that format. */
function zeroPatterns(styles: string): Map<number, string> {
  const formats = new Map(
    (styles.match(/<(?:\w+:)?numFmt\s[^>]*>/g) ?? []).map((tag) => [attribute(tag, "numFmtId"), attribute(tag, "formatCode") ?? ""]),
  );
  const [cells = ""] = /<(?:\w+:)?cellXfs[\s>][\s\S]*?<\/(?:\w+:)?cellXfs>/.exec(styles) ?? [];
  const found = new Map<number, string>();
  (cells.match(/<(?:\w+:)?xf\s[^>]*>/g) ?? []).forEach((tag, style) => {
    const [section = ""] = (formats.get(attribute(tag, "numFmtId")) ?? "").split(";");
    const plain = section.replace(/\[[^\]]*\]/g, "").replace(/["\\]/g, "");
    if (/^[0 ()/-]*0[ ()/-]*0[0 ()/-]*$/.test(plain)) found.set(style, plain);
  });
  return found;
}

/** Digits in the places of the zeros of a pattern, from its end; what is longer stands before. */
function filled(pattern: string, digits: string): string {
  const places = pattern.replace(/[^0]/g, "").length;
  const all = digits.padStart(places, "0");
  const surplus = all.length - places;
  let at = surplus;
  const text = pattern.replace(/0/g, () => all[at++] ?? "");
  return surplus === 0 ? text : text.replace(/\d/, (first) => all.slice(0, surplus) + first);
}
