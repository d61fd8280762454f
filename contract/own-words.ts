/** The part of a text that its sender wrote: an e-mail program sets what is answered below it. Empty where that is nothing. */
export function ownWords(text: string): string {
  const lines = text.slice(0, 20_000).split(/\r\n|\r|\n/);
  const begin = lines.findIndex((_, index) => quoteBegins(lines, index));
  const own = withoutSignature(begin < 0 ? lines : lines.slice(0, begin));
  if (own !== "" || begin < 0) return own;
  // A person who answers below or between what is quoted has written nothing above it. A quotation without marks has no end that is known.
  const first = lines.findIndex(isMarked);
  return first < 0 ? "" : withoutSignature(lines.slice(first).filter((line) => !isMarked(line)));
}

const isMarked = (line: string): boolean => /^\s*(>|＞|&gt;)/.test(line);

const quoteBegins = (lines: readonly string[], index: number): boolean => {
  const line = (lines[index] ?? "").slice(0, 400);
  return isMarked(line) || divides.test(line) || introduces(line, lines.slice(index + 1, index + 4)) || beginsHeaders(line, lines, index);
};

/** "-----Original Message-----" and what stands in its place in other languages and programs. */
const divides =
  /^[\s*_]*(-{2,}.{0,4}(original|forwarded|urspr|weitergel|mensaje|message|mensagem|messaggio|oorspronkelijk|doorgestuurd|αρχικό|προωθ|исходное|on .{5,200}wrote)|begin forwarded message|anfang der weitergeleiteten|début du message|inicio del mensaje|inizio messaggio|begin doorgestuurd)/iu;

const wrote =
  /(?<!\p{L})(wrote|writes|schrieb|schreibt|a écrit|a ecrit|escribió|escribio|escribe|escreveu|ha scritto|scrisse|schreef|skrev|napsala?|napisała?|napisał\(a\)|пишет|писал[аи]?|написал[аи]?|έγραψε|εγραψε|yazdı|kirjoitti|írta|a scris)(?!\p{L})/iu;
/** Words, names of days and numbers with which a line begins that names the date and the writer of what is quoted. */
const begins =
  /^[\s*"“<]*(on|am|el|le|στις|op|em|il|in data|den|w dniu|a|à|\d{1,4}[./ -]|\d{4}年|(mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|mié|jeu|jue|ven|vie|sam|sáb|dim|dom|пн|вт|ср|чт|пт|сб|вс)\p{L}{0,8}[.,])(?!\p{L})/iu;
const hasDate = /\d/;
const address = /[^\s@<>]+@[^\s@<>]+/;
const endsOpen = /[:：]\s*\**\s*$|wrote\s*-{2,}\s*$/i;

/** The line above a quotation ends with a colon and names a date or a writer; some programs break it in two or three. */
function introduces(line: string, following: readonly string[]): boolean {
  if (!begins.test(line) && !address.test(line) && !wrote.test(line)) return false;
  let joined = line;
  for (const next of ["", ...following]) {
    if (next === "" && joined !== line) return false;
    joined = `${joined} ${next.slice(0, 400)}`.trim();
    if (!endsOpen.test(joined)) continue;
    const isAbove = isMarked(following.find((each) => each.trim() !== "" && !joined.endsWith(each.trim())) ?? "");
    if (wrote.test(joined)) return hasDate.test(joined) || address.test(joined) || isAbove;
    return hasDate.test(joined) && begins.test(line) && (isAbove || address.test(joined) || /^\s*(on|am|el|le|στις)\s/i.test(line));
  }
  return false;
}

/** Outlook and others write these above a message that they quote as it is, each in the language of its reader. */
const headers = {
  from: "from|von|de|da|van|från|fra|od|от|από|lähettäjä|feladó|kimden|gönderen|差出人|发件人|보낸 사람",
  date: "sent|date|gesendet|datum|envoyé|envoye|enviado|enviada em|enviado el|fecha|data|inviato|verzonden|skickat|sendt|dato|odesláno|wysłano|дата|отправлено|στάλθηκε|ημερομηνία|gönderildi|tarih|lähetetty|送信日時|发送时间|보낸 날짜",
  to: "to|an|à|a|para|aan|till|til|komu|do|кому|προς|kime|alıcı|vastaanottaja|宛先|收件人|받는 사람",
  subject: "subject|betreff|objet|asunto|assunto|oggetto|onderwerp|ämne|emne|předmět|temat|тема|θέμα|konu|aihe|件名|主题|제목",
} as const;
const headerPatterns = Object.values(headers).map((names) => new RegExp(`(?:^|[\\s*])(?:${names})[*\\s]*[:：]`, "imu"));
const headerBegins = new RegExp(`^[\\s*_]*(?:${Object.values(headers).join("|")})[*\\s]*[:：]`, "iu");
/** Headers may stand on one line, and lists of addresses take several. */
const headerLines = 9;

/** Whether at least three of the headers of a message stand from this line on, or that of its writer with one of the others. */
function beginsHeaders(line: string, lines: readonly string[], index: number): boolean {
  if (!headerBegins.test(line)) return false;
  const window: string[] = [];
  for (const each of lines.slice(index, index + headerLines * 2)) {
    if (each.trim() === "") continue;
    if (window.length === headerLines) break;
    window.push(each.slice(0, 400));
  }
  const text = window.join("\n");
  const [from = false, date = false, to = false, subject = false] = headerPatterns.map((pattern) => pattern.test(text));
  const others = [date, to, subject].filter(Boolean).length;
  return from && others >= 2;
}

/** Programs name themselves below what was written, and some part a signature off. */
const signature =
  /^\s*(-- ?$|_{5,}\s*$|(sent|get|gesendet|envoyé|envoyée|enviado|inviato|verzonden|verstuurd|skickat|sendt|wysłane|отправлено|στάλθηκε|εστάλη)\s.{0,30}(from|with|using|outlook|von|mit|vom|depuis|de mon|à partir|desde|do meu|dal?|vanaf|från|fra|από|с)\s|von mein\p{L}* .{2,40} gesendet|holen sie sich outlook|télécharge[rz] outlook|obtene?r? outlook|get outlook)/iu;

function withoutSignature(lines: readonly string[]): string {
  const begin = lines.findIndex((line) => line.trim() !== "");
  const end = lines.findIndex((line, index) => index > begin && line.length < 160 && signature.test(line));
  return (end < 0 ? lines : lines.slice(0, end)).join("\n").trim();
}
