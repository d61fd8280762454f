type Cell =
  | string
  | number
  | boolean
  | null
  | { day: number }
  | { digits: string }
  | { zip: number }
  | { plusFour: number }
  | { error: string };

/**
 * A workbook with a sheet of these rows and empty ones by these names behind it, as bytes: texts, numbers, booleans, days by their number since 1900 (`{ day: 45000 }`), and numbers as a
 * spreadsheet stores them (`{ digits: "0.10000000000000001" }`), numbers of the formats 00000 and 00000-0000, and errors. `hidden`: the numbers of rows that a filter hides.
 */
export function xlsx(
  rows: readonly (readonly Cell[])[],
  others: readonly string[] = [],
  hidden: readonly number[] = [],
): Uint8Array<ArrayBuffer> {
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const cells = rows.map(
    (row, at) =>
      `<row r="${at + 1}"${hidden.includes(at + 1) ? ' hidden="1"' : ""}>${row.map((value, index) => cell(value, `${column(index)}${at + 1}`)).join("")}</row>`,
  );
  return zip({
    "[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="People" sheetId="1" r:id="rId1"/>${others.map((name, index) => `<sheet name="${name}" sheetId="${index + 2}" r:id="rId9"/>`).join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    "xl/styles.xml": `<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="00000"/><numFmt numFmtId="165" formatCode="00000\\-0000"/></numFmts><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" xfId="0"/><xf numFmtId="14" xfId="0" applyNumberFormat="1"/><xf numFmtId="164" xfId="0"/><xf numFmtId="165" xfId="0"/></cellXfs></styleSheet>`,
    "xl/worksheets/sheet1.xml": `<worksheet xmlns="${main}"><dimension ref="A1:${column((rows[0]?.length ?? 1) - 1)}${rows.length}"/><sheetData>${cells.join("")}</sheetData></worksheet>`,
  });
}

const column = (index: number): string => String.fromCharCode(65 + index);

function cell(value: Cell, at: string): string {
  if (value === null) return "";
  if (typeof value === "number") return `<c r="${at}"><v>${value}</v></c>`;
  if (typeof value === "boolean") return `<c r="${at}" t="b"><v>${value ? 1 : 0}</v></c>`;
  if (typeof value === "object" && "digits" in value) return `<c r="${at}"><v>${value.digits}</v></c>`;
  if (typeof value === "object" && "zip" in value) return `<c r="${at}" s="2"><v>${value.zip}</v></c>`;
  if (typeof value === "object" && "plusFour" in value) return `<c r="${at}" s="3"><v>${value.plusFour}</v></c>`;
  if (typeof value === "object" && "error" in value) return `<c r="${at}" t="e"><f>X1</f><v>${value.error}</v></c>`;
  if (typeof value === "object") return `<c r="${at}" s="1"><v>${value.day}</v></c>`;
  const text = value.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`;
}

/** A zip file whose entries are stored as they are. Readers of workbooks do not compare its checksums, so they are zero. */
function zip(files: Record<string, string>): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const [path, content] = [new TextEncoder().encode(name), new TextEncoder().encode(text)];
    const shared = numbers([2, 20], [2, 0], [2, 0], [4, 0], [4, 0], [4, content.length], [4, content.length], [2, path.length], [2, 0]);
    const local = joined([numbers([4, 0x04034b50]), shared, path, content]);
    directory.push(numbers([4, 0x02014b50], [2, 20]), shared, numbers([2, 0], [2, 0], [2, 0], [4, 0], [4, offset]), path);
    parts.push(local);
    offset += local.length;
  }
  const index = joined(directory);
  const count = Object.keys(files).length;
  return joined([
    ...parts,
    index,
    numbers([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, index.length], [4, offset], [2, 0]),
  ]);
}

const numbers = (...fields: [size: number, value: number][]): Uint8Array =>
  Uint8Array.from(fields.flatMap(([size, value]) => Array.from({ length: size }, (_, byte) => (value >>> (8 * byte)) & 0xff)));

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
