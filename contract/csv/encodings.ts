/** The encodings in which an import can read a file, by the names that TextDecoder knows, with the words of the screens. */
export const encodings = {
  "utf-8": "Unicode (UTF-8)",
  "utf-16le": "Unicode (UTF-16)",
  "utf-16be": "Unicode (UTF-16, big-endian)",
  "windows-1252": "Western European (Windows-1252)",
  "windows-1250": "Central European (Windows-1250)",
  "windows-1251": "Cyrillic (Windows-1251)",
  "windows-1253": "Greek (Windows-1253)",
  "windows-1254": "Turkish (Windows-1254)",
  macintosh: "Western European (Mac OS Roman)",
  shift_jis: "Japanese (Shift_JIS)",
  gbk: "Chinese, simplified (GBK)",
  big5: "Chinese, traditional (Big5)",
  "euc-kr": "Korean (EUC-KR)",
} as const;

export type Encoding = keyof typeof encodings;

export const encodingNames = Object.keys(encodings) as [Encoding, ...Encoding[]];

/** The bytes as text. A byte that the encoding does not have becomes U+FFFD and spoils nothing else. */
export const decode = (bytes: Uint8Array, encoding: Encoding): string => new TextDecoder(encoding).decode(bytes);
