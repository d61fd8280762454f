import { foldName } from "#contract/fold.ts";

/*
 * The words of mail servers by which a refusal is judged, see verdict.ts. Servers choose their words freely, so a list of what closes an
 * address is short and sure, and lists of what does not are long.
 */

const thing = "(?:users?|recipients?|mailbox(?:es)?|accounts?|address(?:es)?|alias(?:es)?|local[- ]part|destination|customer)";
const noSuchMailbox = new RegExp(
  [
    `no such ${thing}`,
    `unknown (?:or illegal |local |virtual )?${thing}`,
    `${thing}(?: is| was)? (?:unknown|not known)`,
    `${thing}\\b[^.;:]{0,60}\\b(?:does ?n[o']t|do ?n[o']t|does not|do not|not) exist`,
    `${thing}(?: was| is)? ?not ?found`,
    "mailbox name not allowed",
    `have an? [^;]{0,40}${thing}`,
    "not (?:a |one of )?(?:known |local |valid )?(?:our )?(?:users?|customers?)\\b",
  ].join("|"),
  "i",
);
const deadMailbox = new RegExp(
  [
    noSuchMailbox.source,
    `${thing}\\b[^.;:]{0,60}\\b(?:invalid|not (?:a )?valid|no longer|disabled|inactive|deactivated|deleted|removed|closed|suspended|unavailable|not available|undeliverable|unrouteable)`,
    `invalid ${thing}`,
    `no (?:mailbox|account|user) (?:here|by that name|with)`,
  ].join("|"),
  "i",
);
/** Servers say so in other languages, here without accents: the mailbox is unknown, does not exist, or was closed. */
const deadInOtherWords = new RegExp(
  [
    "(?:benutzer|empfanger|postfach|konto|adresse|teilnehmer)(?: ist)? (?:unbekannt|nicht (?:gefunden|vorhanden|bekannt)|existiert nicht|geloscht|geschlossen|deaktiviert)",
    "unbekannte[rs]? (?:benutzer|empfanger|adresse)|keine? solche[rs]? (?:benutzer|empfanger|postfach|adresse)",
    "(?:utilisateur|destinataire|boite|adresse|compte)\\b[^.;:]{0,30}(?:inconnue?|inexistante?|introuvable|n.existe (?:pas|plus)|desactivee?)",
    "(?:usuario|destinatario|buzon|cuenta|direccion)\\b[^.;:]{0,30}(?:desconocid[oa]|inexistente|no existe|no encontrad[oa]|deshabilitad[oa])",
    "(?:utente|destinatario|casella|indirizzo)\\b[^.;:]{0,30}(?:sconosciut[oa]|inesistente|non esiste|non trovat[oa]|disabilitat[oa])",
    "(?:usuario|utilizador|destinatario|caixa|conta|endereco)\\b[^.;:]{0,30}(?:desconhecid[oa]|inexistente|nao existe|nao encontrad[oa])",
    "(?:gebruiker|ontvanger|postvak|adres)\\b[^.;:]{0,20}(?:onbekend|bestaat niet|niet gevonden)|onbekende (?:gebruiker|ontvanger)",
  ].join("|"),
  "i",
);
/** The mailbox does not exist; nothing else can be meant. */
export const saysNoSuchMailbox = (plain: string): boolean => noSuchMailbox.test(plain) || deadInOtherWords.test(foldName(plain));
/** The mailbox does not exist, or will take nothing any more. */
export const saysDeadMailbox = (plain: string): boolean => deadMailbox.test(plain) || deadInOtherWords.test(foldName(plain));
/** The domain of the address does not exist. */
export const saysDeadDomain = (text: string): boolean =>
  /\b(?:hosts?|domains?)(?: name)?(?: was| is)? ?(?:not ?found|unknown|invalid|does not exist)|\b(?:no such|unknown) (?:host|domain)\b/i.test(
    text,
  );
/** Behind the code stands nothing, or no more than that the address is bad. */
export const saysNoMore = (text: string): boolean =>
  (text.replace(/[245]\.\d{1,3}\.\d{1,3}/g, " ").match(/\p{L}+/gu) ?? []).every((word) =>
    /^(?:bad|invalid|unknown|rejected|refused|recipient|destination|mailbox|address|email|user|account|smtp|error|sorry|requested|action|no|not|taken)$/i.test(
      word,
    ),
  );

/** The refusal speaks of the sender, or of something that passes: it says nothing about the mailbox. */
export const passing =
  /(?<![\w.-])(?:senders?|sending|return[- ]path|client host|your (?:server|host|ip|domain|account|mailbox|plan)|rates?|throttl\w*|quotas?|too (?:many|fast|quickly|much|often)|enough|exceed\w*|limit(?:s|ed|ing)?|temporar\w*|later|today|now|moment|hourly|daily|gr[ea]y-?list\w*|full|down|lookup failed|try again)(?![\w-]|\.\w)/i;
/** The cause is a rule of the receiving side, or something about this server, its network or its contract. */
export const otherCause =
  /(?<![\w.-])(?:relay\w*|spam\w*|bulk|block(?:ed|ing|s)?|black-?list\w*|block-?list\w*|white-?list\w*|allow-?list\w*|listed|dnsbl|rbl|polic(?:y|ies)|reputation|spf|dkim|dmarc|(?:un)?authenticat\w*|verif\w*|content|virus|banned|denied|not (?:authori[sz]ed|permitted)|ips?|dns|rdns|ptr|helo|ehlo|servfail|resolve|ldap|backend|database|trial|sandbox|plan|(?:un)?paid|pay(?:ment)?|billing|upgrade)(?![\w-]|\.\w)/i;
/** The receiving side misses a proof of who we are. */
export const saysOurDomain = (text: string): boolean =>
  /\b(?:spf|dkim|dmarc|unauthenticated|not authenticated|sender (?:id|verif\w*|authenticat\w*)|sending domain|authentication level)\b/i.test(
    text,
  );
/** The message is too large for the server, whatever the mailbox holds. */
export const saysTooLarge = (text: string): boolean =>
  /\b(?:message|mail|size|content|body|data|attachment)s?\b[^.;]{0,40}\b(?:too (?:large|big|long)|exceed\w*)|\b(?:too (?:large|big)|oversized?)\b|\bexceed\w*[^.;]{0,40}\b(?:message|mail) (?:size|length)|\bsize limit\b/i.test(
    text,
  );
/** The server takes less mail of us, or of anybody, than it was given. */
export const saysSlowDown = (text: string): boolean =>
  /\b(?:rates?|throttl\w*|too (?:many|fast|quickly|much|often)|gr[ea]y-?list\w*|your (?:server|host|ip|domain|network))\b/i.test(text);
