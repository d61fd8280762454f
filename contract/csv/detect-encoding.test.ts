import { expect, it } from "vitest";
import { detectEncoding } from "./detect-encoding.ts";
import { decode, type Encoding, encodingNames } from "./encodings.ts";

/** The bytes of a text in an encoding of one or two bytes a character, found by decoding all of them. */
function encode(text: string, encoding: Encoding): Uint8Array {
  const table = new Map<string, number[]>();
  for (let lead = 0xff; lead >= 0x80; lead -= 1) {
    for (let trail = 0xff; trail >= 0x40; trail -= 1) table.set(decode(Uint8Array.of(lead, trail), encoding), [lead, trail]);
  }
  for (let byte = 0xff; byte >= 0x80; byte -= 1) table.set(decode(Uint8Array.of(byte), encoding), [byte]);
  return Uint8Array.from(
    [...text].flatMap((character) => (character < "\u0080" ? [character.charCodeAt(0)] : (table.get(character) ?? [0x3f]))),
  );
}

it.each<[Encoding, string]>([
  ["windows-1252", "Prénom,Courriel\nZoë,z@example.com\nFrançois Lefèvre,f@example.com\n"],
  ["windows-1252", "Name,Email\nJürgen Müller,j@example.com\nSøren Sørensen,s@example.com\n"],
  ["windows-1250", "Jméno,E-mail\nJiří Dvořák,j@example.com\nŠárka Novotná,s@example.com\n"],
  ["windows-1250", "Imię,E-mail\nŁukasz Żółć,l@example.com\nMałgorzata Wiśniewska,m@example.com\n"],
  ["windows-1251", "Имя,Почта\nИван Петров,i@example.com\n"],
  ["windows-1251", "Name,Email\nИВАН,i@example.com\n"],
  ["windows-1253", "Name,Email\nΜαρία Παπαδάκη,m@example.com\n"],
  ["macintosh", "Prénom,Courriel\nZoë,z@example.com\nFrançois,f@example.com\n"],
  ["macintosh", "Name,Email\nJürgen Müller,j@example.com\n"],
  ["shift_jis", "名前,メール\n山田太郎,y@example.com\n"],
  ["shift_jis", "Name,Email\n山田,y@example.com\n"],
  ["gbk", "姓名,邮箱\n张伟,z@example.com\n"],
  ["gbk", "Name,Email\n王芳,w@example.com\n"],
  ["ibm850", "Vorname;Nachname\nJürgen;Müller\nBjörn;Groß\nRené;Lefèvre\n"],
  ["ibm850", "Name;Email\nJürgen;j@example.com\n"],
  ["ibm850", "Name;Email\nJÜRGEN MÜLLER;j@example.com\n"],
  ["ibm850", "Nombre;Apellido\nJosé;Ibáñez\nÁngel;Muñoz\n"],
  ["ibm437", "First;Last\nJosé;Muñoz\nRené;Müller\n"],
  ["ibm852", "Imię;Nazwisko\nŁukasz;Żółć\nMałgorzata;Wiśniewska\n"],
  ["windows-1254", "Ad;Soyad\nAyşe;Yılmaz\nİbrahim;Çağlar\nŞükrü;Öztürk\nGülşah;Doğan\n"],
  ["windows-1254", "Ad;Soyad\nIşık;Yıldız\n"],
  ["windows-1255", "שם;משפחה\nדוד;כהן\nרחל;לוי\n"],
  ["windows-1255", "Name;Email\nדוד כהן;d@example.com\n"],
  ["windows-1256", "اسم;عائلة\nمحمد;علي\nفاطمة;حسن\n"],
  ["windows-1257", "Vardas;Pavardė\nŽydrūnas;Ščiogolevas\nJānis;Bērziņš\nĢirts;Ķēniņš\n"],
  ["windows-874", "ชื่อ;สกุล\nสมชาย;ใจดี\n"],
  ["koi8-r", "Имя;Фамилия\nИван;Петров\nОльга;Смирнова\n"],
  ["ibm866", "Имя;Фамилия\nИван;Петров\nОльга;Смирнова\n"],
  ["big5", "姓名;地址\n陳大文;台北\n林美玲;高雄\n"],
  ["euc-kr", "이름;주소\n김철수;서울\n이영희;부산\n"],
  ["euc-jp", "氏名;住所\n山田太郎;東京\n鈴木花子;大阪\n"],
  ["euc-jp", "氏名;住所\n山田たろう;東京\nスズキ;大阪\n"],
  ["shift_jis", "氏名;住所\n山田太郎;東京\nスズキ;大阪\n"],
  ["gbk", "姓名;地址\n王小明;北京\n李丽;上海\n"],
  ["iso-8859-2", "Jméno;Příjmení\nŽaneta;Dvořáková\nŠtěpán;Nováček\nĽubomír;Šťastný\n"],
  ["iso-8859-2", "Imię;Nazwisko\nŚwiętosława;Ząbek\n"],
  ["windows-1250", "Ime;Prezime\nĐorđe;Ćosić\nŽeljko;Šarić\n"],
  ["windows-1250", "Nume;Prenume\nŞtefan;Ţîru\nIonuţ;Bălan\n"],
  ["windows-1250", "Név;Város\nGyőző Szűcs;Győr\n"],
  ["windows-1250", "Jméno;Město\nJan;Plzeň\nEva;Brno\n"],
  ["windows-1250", "Imię;Miasto\nJan;Gdańsk\n"],
  ["windows-1252", "Nome;Cognome\nNicolò;Pirrò\n"],
  ["windows-1252", "Nome;Cognome\nNicolò;Rossi\n"],
  ["windows-1252", "Name\nÞórður Guðmundsson\nÆgir\n"],
  ["windows-1252", "Name\nGuðrún Sigurðardóttir\n"],
  ["windows-1252", "Name;Price\nAnn;€ 20\nBob;£5\n"],
  ["windows-1252", "Name;Price\nBob;£5\n"],
  ["windows-1252", "Name;Note\nAnn;it’s “fine” – ok\n"],
  ["windows-1252", "Nome;Cognome\nJoão;Conceição\n"],
  ["windows-1252", "Name\nÓ Súilleabháin\n"],
  ["windows-1252", "Nimi\nYrjö Äyräpää\n"],
  ["windows-1252", "Name\nJÜRGEN MÜLLER\nBJÖRN GROß\nÄNNE ÖZ\n"],
  ["windows-1252", "NOM;PRENOM\nLEFÈVRE;RENÉ\nHÉLÈNE;FRANÇOIS\n"],
  ["windows-1252", "Nombre;Apellido\nÑico;Peña\nÁngel;Ibáñez\n"],
  ["windows-1252", "Nombre\nPeña\n"],
  ["windows-1252", "Nom\nFrançois Lefèvre\nBenoît Gérôme\n"],
  ["windows-1252", "Fornavn;Etternavn\nBjørn;Håkonsen\nÅse;Ødegård\n"],
  ["windows-1252", "Name\nJosé\nMüller\nSøren\nFrançois\nPeña\nÅke\n"],
  ["windows-1251", "имя\nиван петров\nольга смирнова\n"],
  ["windows-1253", "Όνομα;Επώνυμο\nΓιώργος;Παπάς\n"],
  ["iso-8859-7", "Όνομα;Επώνυμο\nΆννα;Παπά\n"],
  ["iso-8859-15", "Vorname;Nachname\nJérôme;Dœuf\nZoé;Lefèvre\n"],
  ["windows-1253", "ονομα\nγιωργος παπας\n"],
  ["macintosh", "Name;City\nJosé;Málaga\nBjörk;Zürich\n"],
])("recognises %s by the names in it: %o", (encoding, text) => {
  const bytes = encode(text, encoding);
  expect(decode(bytes, detectEncoding(bytes) ?? "utf-8")).toBe(text);
});

it("finds an accent that stands far behind the beginning", () => {
  const text = `Name,Email\n${"Ann,ann@example.com\n".repeat(5000)}Zoë,z@example.com\n`;
  expect(detectEncoding(encode(text, "windows-1252"))).toBe("windows-1252");
});

it("knows UTF-16 with and without its mark", () => {
  const little = new Uint8Array(Buffer.from("Name,Email\nZoë,z@example.com\n", "utf16le"));
  const big = little.map((_, index) => little[index ^ 1] as number);
  expect(detectEncoding(little)).toBe("utf-16le");
  expect(detectEncoding(big)).toBe("utf-16be");
  expect(detectEncoding(Uint8Array.of(0xff, 0xfe, ...little))).toBe("utf-16le");
  expect(detectEncoding(Uint8Array.of(0xfe, 0xff, ...big))).toBe("utf-16be");
});

it("keeps UTF-8 for a file that has one bad byte among its letters", () => {
  const good = new TextEncoder().encode("Name,Email\nZoë,z@example.com\nJosé,j@example.com\n");
  expect(detectEncoding(Uint8Array.from([...good, 0xe9, 0x2c]))).toBe("utf-8");
});

it("takes what is no text for no text, and a stray NUL for none of that", () => {
  expect(detectEncoding(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3))).toBeUndefined();
  expect(detectEncoding(new TextEncoder().encode(`Name,Email\n${"Ann,ann@example.com\n".repeat(50)}A\0nn,a@example.com`))).toBe("utf-8");
});

it.each(encodingNames)("%s can be decoded here", (encoding) => {
  expect(decode(new TextEncoder().encode("Name"), encoding.startsWith("utf-16") ? "utf-8" : encoding)).toBe("Name");
  expect(() => decode(Uint8Array.of(0x41), encoding)).not.toThrow();
});

it("reads every byte of the code pages of MS-DOS, each as another character", () => {
  const bytes = Uint8Array.from({ length: 128 }, (_, at) => 128 + at);
  for (const encoding of ["ibm437", "ibm850", "ibm852"] as const) {
    expect(new Set(decode(bytes, encoding)).size).toBe(128);
    expect(decode(bytes, encoding)).not.toContain("\u{FFFD}");
  }
  expect(decode(Uint8Array.of(0x4a, 0x81, 0x72), "ibm850")).toBe("Jür");
});
