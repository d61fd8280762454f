/** How much of a file is read before it is uploaded: enough to see its columns and a few people, whatever its size. */
export const previewBytes = 64 * 1024;

export interface CsvPreview {
  delimiter: string;
  columns: string[];
  /** The first records, each as long as the header. */
  rows: string[][];
}

const delimiters = [",", ";", "\t", "|"];

/** Records of RFC 4180 text. A record that the cut of the text left open at its end is not among them. */
const recordsOf = (text: string, delimiter: string, cut: boolean, most: number): string[][] => {
  const records: string[][] = [];
  let record: string[] = [];
  let field = "";
  let quoted = false;
  const endField = () => {
    record.push(field);
    field = "";
  };
  const endRecord = () => {
    endField();
    if (record.length > 1 || record[0] !== "") records.push(record);
    record = [];
  };
  for (let at = 0; at < text.length && records.length < most; at++) {
    const sign = text[at];
    if (quoted) {
      if (sign !== '"') field += sign;
      else if (text[at + 1] === '"') {
        field += '"';
        at++;
      } else quoted = false;
    } else if (sign === '"' && field === "") quoted = true;
    else if (sign === delimiter) endField();
    else if (sign === "\n" || sign === "\r") {
      if (sign === "\r" && text[at + 1] === "\n") at++;
      endRecord();
    } else field += sign;
  }
  if (!cut && records.length < most && (field !== "" || record.length > 0)) endRecord();
  return records;
};

/** The sign that parts the header into most columns. */
const delimiterOf = (text: string, cut: boolean): string => {
  const widths = delimiters.map((delimiter) => recordsOf(text, delimiter, cut, 1)[0]?.length ?? 0);
  return delimiters[widths.indexOf(Math.max(...widths))] ?? ",";
};

export const parsePreview = (text: string, cut: boolean, rows = 5): CsvPreview => {
  const clean = text.replace(/^\uFEFF/, "");
  const delimiter = delimiterOf(clean, cut);
  const [header = [], ...records] = recordsOf(clean, delimiter, cut, rows + 1);
  const columns = header.map((name) => name.trim());
  return { delimiter, columns, rows: records.map((record) => columns.map((_, column) => record[column] ?? "")) };
};

/** Reads the beginning of a file only: the file itself may be larger than the page's memory should hold. */
export const readPreview = async (file: Blob): Promise<CsvPreview> => {
  const bytes = await file.slice(0, previewBytes).arrayBuffer();
  // `stream` lets a letter that the cut has split go rather than turn into a question mark.
  return parsePreview(new TextDecoder("utf-8").decode(bytes, { stream: true }), file.size > previewBytes);
};
