/** How automatic answers begin, in a subject or as the text of an SMS. Accents and capitals do not count. */
const beginnings = [
  ...["auto(matic)?[\\s-]?(reply|response|answer)", "automatische antwort", "automatisch antwoord", "automatiskt? svar", "autosvar"],
  ...["réponse automatique", "respuesta automática", "resposta automática", "risposta automatica", "răspuns automat"],
  ...["automatyczna odpowiedź", "odpowiedź automatyczna", "automatická odpoveď", "automatikus válasz", "automaattinen vastaus"],
  ...["otomatik (yanıt|cevap)", "автоответ", "автоматический ответ", "автоматична відповідь", "αυτόματη απάντηση"],
];
/** These scripts set no space between words. */
const unparted = ["自動返信", "自動応答", "自动回复", "自动答复", "自動回覆", "자동 ?(회신|응답|답장)"];

/** A text as its beginning is looked at: without accents, in small letters. */
export const plainBeginning = (text: string): string =>
  text.slice(0, 500).normalize("NFKD").replace(/\p{M}/gu, "").replace(/[’‘]/g, "'").toLowerCase().trim();

const pattern = new RegExp(
  `^[[(*]?(?:(?:${beginnings.map(plainBeginning).join("|")})(?!\\p{L})|${unparted.map(plainBeginning).join("|")})`,
  "u",
);

/** Tells whether a text says of itself, in its first words, that it is an automatic answer. */
export const beginsAsAutomatic = (text: string): boolean => pattern.test(plainBeginning(text));
