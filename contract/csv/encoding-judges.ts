import { decode, type Encoding } from "./encodings.ts";

/** Says of a character between two others how much it looks like a part of a word: 1 is a good one, below 0 is none. */
type Judge = (character: string, before: string, after: string) => number;

const isLetter = (character: string) => /\p{L}/u.test(character);
const isAsciiLetter = (character: string) => /[a-z]/i.test(character);
const isUpper = (character: string) => /\p{Lu}/u.test(character);
const isLower = (character: string) => /\p{Ll}/u.test(character);
const isVowel = (character: string) => /[aeiouyøæœıαεηιουωаеиоуыэюяіє]/u.test(character.normalize("NFD").charAt(0).toLowerCase());
/** "Jźrgen" and "Kovaèeviæ" are misread: a consonant seldom stands between consonants, or behind one at an end, a vowel seldom between vowels. */
const isCrowded = (character: string, before: string, after: string) =>
  isLetter(before) &&
  isVowel(before) === isVowel(character) &&
  (isLetter(after) ? isVowel(after) === isVowel(character) : !isVowel(character) && before < "\u0080");
const hasStrayCapital = (character: string, before: string, after: string) =>
  (isUpper(character) && isLower(before)) ||
  (isUpper(character) && isUpper(before) && isLower(after)) ||
  (isLower(character) && isUpper(after)) ||
  (isLower(character) && isUpper(before) && isUpper(after));

/** Signs that typists use, which may touch a word: those that close or join, and those that open. */
const closing = "’”»–—…·•°®™©ºª\u00A0";
const opening = "‘“„«€£¥¢§№¡¿";

/** Letters that stand only in some places of a word: "Plzeò", "Gdañsk", "Ayþe" and "Ðèiogolevas" are misread. */
const isMisplaced = (character: string, before: string, after: string): boolean => {
  switch (character.toLowerCase()) {
    case "ò":
    case "ì":
    case "ù":
      return isLetter(after) || (isLetter(before) && isVowel(before) && before !== "i");
    case "ñ":
      return isLetter(after) ? !isVowel(after) : isLetter(before) && !isUpper(character);
    case "þ":
      return isLetter(before);
    case "ð":
      return !isLetter(before);
    default:
      return false;
  }
};

const latin =
  (common: string, rare = ""): Judge =>
  (character, before, after) => {
    if (hasStrayCapital(character, before, after)) return -1;
    const weight = common.includes(character.toLowerCase()) ? 1 : rare.includes(character.toLowerCase()) ? 0.5 : 0;
    // "Ł5" is a misread "£5".
    if (weight > 0 && (/\d/.test(after) || /\d/.test(before))) return -0.5;
    if (weight > 0 && !isLetter(before) && !isLetter(after)) return 0.2;
    if (weight > 0 && isMisplaced(character, before, after)) return 0.2;
    if (weight > 0) return weight - (isCrowded(character, before, after) ? 0.7 : 0) - (before > "\u007F" && after > "\u007F" ? 0.4 : 0);
    if (character === "’") return 0.5;
    if ("€£¥".includes(character) && (/\d/.test(after) || /\d/.test(before))) return 0.8;
    if (closing.includes(character)) return isLetter(after) ? -1 : 0.5;
    if (opening.includes(character)) return isLetter(before) ? -1 : 0.3;
    return isLetter(before) || isLetter(after) ? -2 : -0.5;
  };

const script =
  (letters: RegExp, rare: RegExp): Judge =>
  (character, before, after) => {
    if (!letters.test(character)) return closing.includes(character) || opening.includes(character) ? 0.3 : -1.5;
    if (hasStrayCapital(character, before, after) || isAsciiLetter(before) || isAsciiLetter(after)) return -1.5;
    if (rare.test(character)) return -0.5;
    // Greek has a letter of its own for the end of words.
    if (character === (letters.test(after) ? "ς" : "σ")) return -1;
    if (!letters.test(before) && !letters.test(after)) return 0;
    return isCrowded(character, before, after) ? 1 : 1.3;
  };

/** A script without capitals. `misplaced` are letters that stand only at the end of words, with one behind. */
const oneCase =
  (letters: RegExp, misplaced: RegExp): Judge =>
  (character, before, after) => {
    if (!letters.test(character)) return closing.includes(character) || opening.includes(character) ? 0.3 : -1.5;
    if (isAsciiLetter(before) || isAsciiLetter(after)) return -1.5;
    if (misplaced.test(character + after)) return -1;
    return letters.test(before) || letters.test(after) ? 1.5 : 0;
  };

/** The everyday half of a character set: the part of its table that is ordered by frequency of use. */
function everyday(encoding: Encoding, leads: [number, number], trails: [number, number]): Set<string> {
  const bytes: number[] = [];
  for (let lead = leads[0]; lead <= leads[1]; lead += 1) {
    for (let trail = trails[0]; trail <= trails[1]; trail += 1) if (trail !== 0x7f) bytes.push(lead, trail);
  }
  return new Set(decode(Uint8Array.from(bytes), encoding));
}

/** `usual` are characters of names and of the headers of files: of two readings that are both text it tells which is meant. */
const eastAsian = (frequent: () => Set<string>, also: RegExp, usual: string): Judge => {
  let known: Set<string> | undefined;
  return (character, before, after) => {
    known ??= frequent();
    if (character === "\u{FFFD}") return -2;
    if (isAsciiLetter(before) || isAsciiLetter(after)) return -1;
    if (usual.includes(character)) return 1.6;
    if (known.has(character) || also.test(character)) return 1.2;
    return /\p{Script=Han}/u.test(character) ? 0.3 : -0.5;
  };
};

const western = "éèáóúíñüöäåøçãõêâîôûëïàßæìòùðþý";
const central = "ąćęłńóśźżáčďéěíňřšťúůýžäôľöüőűăâîđßţş";
const cyrillic = script(/\p{Script=Cyrillic}/u, /[ЂЃѓЉЊЌЋЏђљњќћџЈјЅѕЎўҐґ]/u);
const greek = script(/\p{Script=Greek}/u, /[ΐΰ]/u);
const kanji = "山田太郎東京鈴木花子大阪佐藤高橋伊渡辺中村小林加吉本松井氏名住所電話番号姓市区町県一二三美恵介和夫";
const hanzi = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗姓名地址电话手机邮箱北京上海广州深圳市省区路号明伟芳娜丽小";
const hanziOfTaiwan = "陳林黃張李王吳劉蔡楊許鄭謝郭洪姓名地址電話手機信箱臺台北高雄中市區路號大小文美玲明華";
const hangul = "김이박최정강조윤장임름주소전화번호메일시구동서울부산영희철수민지준현";
const japanese = /[\u3040-\u30ff々ー・]/u;

/** Each encoding that a file is tried in, with what its words look like. The first of several that look alike is taken. */
export const judges = {
  "windows-1252": latin(western, "œžš"),
  "windows-1250": latin(central, "ĺŕçë"),
  "windows-1251": cyrillic,
  "windows-1253": greek,
  "iso-8859-7": greek,
  "iso-8859-15": latin(western, "œžšÿ"),
  macintosh: latin(western, "œ"),
  shift_jis: eastAsian(() => everyday("shift_jis", [0x88, 0x97], [0x9f, 0xfc]), japanese, kanji),
  gbk: eastAsian(() => everyday("gbk", [0xb0, 0xd7], [0xa1, 0xfe]), /[·（），。]/u, hanzi),
  ibm850: latin(western),
  "windows-1254": latin("ğışçöüâîû", "éáíóúñäßëê"),
  "iso-8859-2": latin(central, "ĺŕçë"),
  "windows-1257": latin("āčēģīķļņšūžąęėįųõäöüßé", "åøæó"),
  "koi8-r": cyrillic,
  ibm866: cyrillic,
  ibm852: latin(central, "ç"),
  "windows-1255": oneCase(/[א-ת]/u, /[ךםןףץ][א-ת]/u),
  "windows-1256": oneCase(/\p{Script=Arabic}/u, /[ةى]\p{Script=Arabic}/u),
  "windows-874": oneCase(/\p{Script=Thai}/u, /[เแโใไ](?!\p{Script=Thai})/u),
  big5: eastAsian(() => everyday("big5", [0xa4, 0xc6], [0x40, 0xfe]), /[（），。]/u, hanziOfTaiwan),
  "euc-kr": eastAsian(() => everyday("euc-kr", [0xb0, 0xc8], [0xa1, 0xfe]), /[\uac00-\ud7a3]/u, hangul),
  "euc-jp": eastAsian(() => everyday("euc-jp", [0xb0, 0xcf], [0xa1, 0xfe]), japanese, kanji),
} as const satisfies Partial<Record<Encoding, Judge>>;
export type Candidate = keyof typeof judges;

/** The letters beyond ASCII of each language, for the encodings of which several spell words from the same bytes. */
const alphabets: Partial<Record<Candidate, readonly string[]>> = (() => {
  const west = [
    ...[
      "äöüßéè",
      "éèêëàâçîïôûùüœæÿ",
      "áéíóúüñçïºª",
      "áâãàçéêíóôõúüñ",
      "àèéìòùóîí",
      "åäöéüáà",
      "æøåéäöüóôòê",
      "áéíóúýþæöð",
      "éëèïöüáóíçêôû",
    ],
    "àèéíïòóúüç",
  ];
  const middle = ["áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "ąćęłńóśźż", "áéíóöőúüű", "ăâîşţș", "čćđšž", "äöüßé", "áéëçöü"];
  return {
    "windows-1252": west,
    "iso-8859-15": [...west, "äöüßéèêëàâçîïôûùœž"],
    macintosh: west,
    ibm850: west,
    "windows-1250": middle,
    "iso-8859-2": middle,
    ibm852: middle,
    "windows-1254": ["ğışçöüâîûi"],
    "windows-1257": ["āčēģīķļņšūž", "ąčęėįšųūž", "äöüõšž"],
  };
})();

/** How much a decoded text looks like words, for each character beyond ASCII. */
export function plausibility(text: string, encoding: Candidate): number {
  const characters = [...text];
  let sum = 0;
  let count = 0;
  for (const [at, character] of characters.entries()) {
    if (character < "\u0080") continue;
    count += 1;
    sum += judges[encoding](character, characters[at - 1] ?? "\n", characters[at + 1] ?? "\n");
  }
  return count === 0 ? 0 : sum / count - strangeValues(text, encoding);
}

/** The share of values whose letters no language has together: "Ţórđur" is Romanian, Polish and Croatian at once. */
function strangeValues(text: string, encoding: Candidate): number {
  const languages = alphabets[encoding];
  if (!languages) return 0;
  const values = text.split("\n").filter((value) => value !== "");
  const strange = values.filter((value) => {
    const letters = [...value.toLowerCase()].filter((character) => character > "\u007F" && isLetter(character));
    return !languages.some((language) => letters.every((letter) => language.includes(letter)));
  });
  return values.length === 0 ? 0 : strange.length / values.length;
}
