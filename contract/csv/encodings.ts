import { dosTables } from "./dos-tables.ts";

/** The encodings in which an import can read a file, by the names that TextDecoder knows where it does, with the words of the screens. */
export const encodings = {
  "utf-8": "Unicode (UTF-8)",
  "utf-16le": "Unicode (UTF-16)",
  "utf-16be": "Unicode (UTF-16, big-endian)",
  "windows-1252": "Western European (Windows-1252)",
  "iso-8859-15": "Western European (ISO-8859-15)",
  macintosh: "Western European (Mac OS Roman)",
  ibm850: "Western European (MS-DOS, code page 850)",
  ibm437: "Western European (MS-DOS, code page 437)",
  "windows-1250": "Central European (Windows-1250)",
  "iso-8859-2": "Central European (ISO-8859-2)",
  ibm852: "Central European (MS-DOS, code page 852)",
  "windows-1257": "Baltic (Windows-1257)",
  "windows-1251": "Cyrillic (Windows-1251)",
  "koi8-r": "Cyrillic (KOI8-R)",
  "koi8-u": "Cyrillic (KOI8-U)",
  "iso-8859-5": "Cyrillic (ISO-8859-5)",
  ibm866: "Cyrillic (MS-DOS, code page 866)",
  "x-mac-cyrillic": "Cyrillic (Mac OS)",
  "windows-1253": "Greek (Windows-1253)",
  "iso-8859-7": "Greek (ISO-8859-7)",
  "windows-1254": "Turkish (Windows-1254)",
  "windows-1255": "Hebrew (Windows-1255)",
  "windows-1256": "Arabic (Windows-1256)",
  "windows-874": "Thai (Windows-874)",
  "windows-1258": "Vietnamese (Windows-1258)",
  shift_jis: "Japanese (Shift_JIS)",
  "euc-jp": "Japanese (EUC-JP)",
  "iso-2022-jp": "Japanese (ISO-2022-JP)",
  gbk: "Chinese, simplified (GBK)",
  gb18030: "Chinese, simplified (GB18030)",
  big5: "Chinese, traditional (Big5)",
  "euc-kr": "Korean (EUC-KR)",
} as const;

export type Encoding = keyof typeof encodings;

export const encodingNames = Object.keys(encodings) as [Encoding, ...Encoding[]];

const isDos = (encoding: Encoding): encoding is keyof typeof dosTables => encoding in dosTables;

/** The bytes as text. A byte that the encoding does not have becomes U+FFFD and spoils nothing else. */
export function decode(bytes: Uint8Array, encoding: Encoding): string {
  if (!isDos(encoding)) return new TextDecoder(encoding).decode(bytes);
  const table = dosTables[encoding];
  // Letters beyond ASCII are put into place in the UTF-16 of the file, because files are large and texts are slow to add to.
  const units = Uint16Array.from(bytes, (byte) => (byte < 0x80 ? byte : table.charCodeAt(byte - 0x80)));
  return new TextDecoder("utf-16le").decode(units);
}
