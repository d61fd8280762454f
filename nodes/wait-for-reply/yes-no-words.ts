/*
 * The phrases that people use where they say yes or no: in English, Spanish, French, German and Greek, and the shortest of some other
 * languages. They are folded as names are (contract/fold.ts) and have no signs: "d'accord" is "d accord". A text is only understood where
 * these are all of it, so a missing phrase leads to "Other reply" and never to a wrong answer.
 *
 * - `yes`, `no`: they answer.
 * - `glad`, `sorry`: they answer nothing alone, and speak against a no, or against a yes.
 * - `polite`: they change nothing.
 */
export type PhraseKind = "yes" | "no" | "glad" | "sorry" | "polite";

/** Each of the beginnings with each of the ends, which may be nothing. */
const joined = (...parts: readonly string[]): string[] =>
  parts.reduce<string[]>((found, part) => found.flatMap((before) => part.split("|").map((end) => `${before} ${end}`.trim())), [""]);
const listed = (...lists: readonly string[]): string[] => lists.flatMap((list) => list.split("|"));

const cannot = joined(
  "can t|cant|cannot|can not",
  "|make it|come|attend|be there|do it|do that|do this|join|make that",
  "|today|tomorrow|then|this time|sorry",
);

const phrases: Record<PhraseKind, readonly string[]> = {
  yes: [
    ...listed(
      "y|yes|yess|yees|yessir|yep|yup|yeah|yea|ya|sure|sure thing|for sure|ok|okay|okey|k|kk|absolutely|definitely|certainly|correct|confirm|confirmed|alright|all right|👍|✅|👌|✔|🆗",
      "of course|i confirm|will do|sounds good|sounds great|works for me|that works|count me in|i ll be there|i will be there|see you then|perfect",
      "si|si si|claro|claro que si|vale|de acuerdo|por supuesto|confirmo|confirmado|con gusto|con mucho gusto|perfecto|si voy|si confirmo",
      "oui|ouais|d accord|bien sur|bien sur que oui|avec plaisir|volontiers|je confirme|entendu|certainement|parfait|oui je viens|oui je confirme|oui je serai la",
      "ja|jaa|jawohl|jep|klar|na klar|aber klar|ja klar|gern|gerne|sehr gern|sehr gerne|naturlich|aber naturlich|einverstanden|selbstverstandlich|in ordnung|geht klar|ich bestatige|bestatigt|ich komme|ich komme gerne|komme gerne|bin dabei|ich bin dabei|auf jeden fall|passt|passt mir|passt gut|passt so|passt perfekt|passt mir gut|perfekt|ja das passt|das passt|ja gern|ja hoor",
      "ναι|μαλιστα|nai|ενταξει|entaxei|βεβαιωσ|φυσικα|επιβεβαιωνω|συμφωνω",
      "sim|com certeza|certo|va bene|да|конечно|はい|是|是的|好|好的|evet|tak",
    ),
  ],
  no: [
    ...listed(
      "n|no|nope|nah|never|no way|no thanks|no thank you|i said no|not really|not today|not tomorrow|not now|not this time|not interested|no longer interested|not possible|not at all|not for me|impossible|👎|❌|🚫|不|不是",
      "decline|declined|i decline|i don t think so|i don t|i do not|won t|i won t|i will not|absolutely not|definitely not|of course not|certainly not|sure not|unfortunately not|unfortunately no|unfortunately i can t|unfortunately i cannot|afraid not|i m afraid not",
      "non|pas possible|c est pas possible|ce n est pas possible|pas du tout|je ne peux pas|je peux pas|je ne viens pas|bien sur que non|malheureusement|malheureusement non|malheureusement pas|jamais",
      "nein|nee|noe|leider nicht|leider nein|leider nee|nein leider|nein leider nicht|auf keinen fall|nicht moglich|leider nicht moglich|kein interesse|naturlich nicht|klar nicht|sicher nicht|selbstverstandlich nicht|gerne nicht",
      "no puedo|no puedo ir|no voy|no podre|nunca|imposible|para nada|claro que no|por supuesto que no|ahora no|hoy no|no me interesa",
      "οχι|oxi|ohi|δεν μπορω|δυστυχωσ|nej|nei|nao|nie|нет|いいえ|hayir|helaas niet|non posso",
    ),
    ...joined("|i|sorry i", "").flatMap((before) => cannot.map((after) => `${before} ${after}`.trim())),
    ...joined(
      "|i am|i m|im",
      "not|unable",
      "able|able to come|able to make it|able to attend|coming|available|interested|to come|to attend|to make it",
    ).filter((phrase) => /\bnot (able|coming|available|interested)|\bunable to/.test(phrase)),
    "unable",
    ...joined("|ich", "kann", "|leider|da leider|heute|morgen|da|dann", "nicht", "|kommen|teilnehmen"),
    ...joined("|ich|es|das", "geht|passt|komme|klappt", "|leider|mir|mir leider|heute|morgen", "nicht"),
  ],
  glad: listed(
    "can t wait|cant wait|cannot wait|can not wait|i can t wait|i cannot wait|i can not wait|no problem|no probs|no worries|not a problem|kein problem|keine sorge|pas de probleme|pas de souci|sin problema|sin problemas|nessun problema",
    "great|super|cool|awesome|nice|lovely|wonderful|excellent|fantastic|brilliant|good|fine|all good|prima|toll|wunderbar|genial|excelente|estupendo|top|τελεια|ωραια|graag",
    "i can|i will|i do|i am|i did|i would|i d love to|i would love to|i d like to|i am coming|i m coming|i ll come|i am in|it is|that s fine|that is fine|that s right|that is right|that s correct|that is correct|it works|got it|noted|understood",
    "see you|see you there|see you soon|see you tomorrow|see you later|see ya|c u|looking forward|looking forward to it|bis dann|bis morgen|bis gleich|bis bald|bis spater|freue mich|ich freue mich|freu mich|hasta luego|hasta manana|nos vemos|a demain|a bientot|a tout a l heure",
    "really|totally|100 percent|sicher|unbedingt|evidemment|seguro|sehr|please do|🙂|😊|😀|😃|😄|😁|☺|❤|💯|🎉|💪|🙌|👏|🥳|😍|🤗",
  ),
  sorry: listed(
    "sorry|so sorry|i m sorry|i am sorry|very sorry|entschuldigung|tut mir leid|lo siento|desole|desolee|je suis desole|συγγνωμη|unfortunately|😢|😞|😔|☹|🙁",
  ),
  polite: listed(
    "please|pls|plz|kindly|thanks|thank you|thanks a lot|thanks so much|thank you so much|thank you very much|many thanks|thx|ty|tks|cheers|🙏",
    "bitte|danke|danke schon|danke dir|danke ihnen|vielen dank|herzlichen dank|besten dank|por favor|porfa|gracias|muchas gracias|merci|merci beaucoup|s il vous plait|s il te plait|svp|stp|per favore|grazie|mille grazie|obrigado|obrigada|tack|takk|dank je|dank u|bedankt|alstublieft|παρακαλω|ευχαριστω|ευχαριστω πολυ|спасибо|пожалуиста|dziekuje|prosze|tesekkurler",
    "hi|hello|hey|hi there|hello there|dear|good morning|good afternoon|good evening|hallo|guten tag|guten morgen|guten abend|servus|gruss gott|hola|buenos dias|buenas|buenas tardes|bonjour|bonsoir|γεια|γεια σασ|καλημερα|well|oh|ah|um|uh|hmm|sir|madam|maam|team|all",
    "then|today|tonight|tomorrow|this morning|this afternoon|this evening|in the morning|in the afternoon|in the evening|heute|heute abend|morgen|morgen fruh|dann|hoy|manana|esta tarde|demain|aujourd hui|ce soir|αυριο|σημερα|onetime",
    "regards|best regards|kind regards|warm regards|best|best wishes|sincerely|love|x|xx|xxx|lg|vg|mfg|liebe grusse|viele grusse|beste grusse|schone grusse|mit freundlichen grussen|freundliche grusse|saludos|un saludo|cordialement|bien a vous|bises|χαιρετισμουσ",
    "have a nice day|have a good day|have a great day|schonen tag|schonen tag noch|buen dia|bonne journee",
    ...joined(
      "|on|am|el|le|this",
      "monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lunes|martes|miercoles|jueves|viernes|sabado|domingo|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
    ),
  ),
};

/** The kind of every phrase. Where a phrase stands in two lists, the answer counts. */
export const phraseKinds: ReadonlyMap<string, PhraseKind> = new Map(
  (["polite", "sorry", "glad", "yes", "no"] as const).flatMap((kind) => phrases[kind].map((phrase) => [phrase, kind] as const)),
);
export const longestPhrase = Math.max(...[...phraseKinds.keys()].map((phrase) => phrase.split(" ").length));
