/*
 * The words by which people, and the exports of other systems, speak of consent. All of them are matched on the output of `plainWords`:
 * lower case, no accents, single spaces. Sources: the exports of HubSpot ("Unsubscribed from all email"), HighLevel ("DND SMS"), Mailchimp
 * (UNSUB_TIME, "cleaned"), Brevo (EMAIL_BLACKLISTED, OPT_IN), Salesforce (HasOptedOutOfEmail, DoNotCall), Klaviyo ("Email Marketing
 * Consent"), ActiveCampaign ("Status"), Mindbody (SendPromotionalEmails), Intercom ("Marked email as spam"), Dynamics ("Do not allow
 * Emails"), Google Contacts and Outlook (labels), and people's own columns in the languages of Europe.
 */

/** A pattern that finds one of these as whole words, in any script. `*` stands for any further letters. */
const anyOf = (...phrases: readonly string[]): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${phrases.map((phrase) => phrase.replaceAll("*", "\\p{L}*")).join("|")})(?![\\p{L}\\p{N}])`, "u");

const channel = "(?:e ?mails?|mails?|sms|texts?|messages?|calls?|contact|marketing|newsletters?|promo*)";

/** They refuse wherever they stand, also in the middle of a remark. */
const clearRefusals = [
  "opt(?:ed|s|ing)? ?out",
  "unsub*",
  "un subscribed?",
  "(?:do not|dont|don t|never|not to be|no longer) (?:be )?(?:contact*|call*|phone|e ?mail*|mail*|text*|sms|messag*|disturb|send|market*|allow|solicit*)",
  `no (?:more )?(?:${channel}|consent)`,
  `stop (?:all |the |sending ){0,2}${channel}|(?:sms|texts?|e ?mails?) stop|stop (?:texting|calling|e ?mailing|mailing|messaging|contacting|sending|writing)`,
  "dn[dc]|dncr",
  "(?:black|block|deny) ?list*",
  "suppress*",
  "(?:never|not|non) ?subscribed",
  "spam complaint|marked(?: *)? as spam|consent (?:was )?(?:declined|denied|refused|withdrawn|revoked)",
  "(?:asked|wants?|wanted) (?:us |me )?to (?:stop|be (?:removed|taken off))|(?:removed|taken) (?:from|off) (?:the |our )?list",
  "unmarketable|uncontactable",
  // German
  "*abgemeldet|*abmeldung|*abbestell*|austrag*|ausgetragen|*werbesperre|*kontaktsperre|*mailsperre|*anrufsperre|*sperrvermerk|sperrkennzeichen",
  "werbeverbot|kontaktverbot|robinson*|werbewiderspruch|widersprochen|widerrufen",
  "(?:keine?|nicht)(?: mehr)? (?:werbung|werbe*|newsletter|e ?mails?|mails?|sms|anruf*|kontakt*|anschreiben|mailen|zusenden|einwilligung)",
  // French
  "desabonn*|desinscri*|liste noire|bloctel|ne (?:pas|plus) (?:contacter|appeler|envoyer|solliciter|deranger|relancer|demarcher|ecrire)",
  // Spanish
  "dad[oa]s? de baja|lista negra|desuscri*|no (?:contactar|llamar|molestar|enviar|escribir)",
  // Portuguese, Italian
  "descadastr*|nao (?:contactar|contatar|ligar|enviar|perturb*|incomodar)|cancelou(?: a)? (?:inscricao|assinatura)",
  "disiscri*|non (?:contattare|chiamare|inviare|disturbare|scrivere)",
  // Dutch, Polish, Russian, Greek
  "afgemeld|uitgeschreven|niet (?:bellen|mailen|benaderen|contacteren|storen)|bel me niet",
  // These are of the Nordic countries, of Central Europe and of the Balkans.
  "avregistrerad*|avanmald*|frameldt|avmeldt|afmeldt|(?:ingen|inga|ikke) (?:sms|e ?mails?|mail|nyhetsbrev)|odhlasen*|dezabonat*|leiratkoz*|odjavljen*",
  "wypisan*|nie (?:kontaktowac|dzwonic|wysy[lł]ac|pisac)|отписан*|не (?:звонить|писать|беспокоить|отправлять)|απεγγραφη|διαγραφη",
];
/** They refuse where they are all that is said, or the name of a column. */
const shortRefusals = [
  "stop|dne|c?tps|blocked|cleaned|complain*|(?:hard |soft |e ?mail )?bounced?|revoked|withdrawn",
  "gesperrt|*sperre|widerspruch*|widerruf*|opposition*|refus*|baja",
];
const withoutSpaces = /購読解除|配信停止|受信拒否|拒收|退订|退訂|수신거부/;

const clear = anyOf(...clearRefusals);
const refusing = anyOf(...clearRefusals, ...shortRefusals);

/** The name of a column speaks of refusal. */
export const namesRefusal = (words: string): boolean => refusing.test(words) || withoutSpaces.test(words);

/** A cell of any column refuses, alone or among other words. */
export const saysRefusal = (words: string): boolean => clear.test(words) || withoutSpaces.test(words) || wholly.test(words);
const wholly = new RegExp(`^(?:${refusing.source})$`, "u");

/** Without the words of refusal and permission, to see what else a name says. */
export const withoutConsent = (words: string): string => words.replace(refusing, " ").replace(new RegExp(permitting, "gu"), " ").trim();

const permitting = anyOf(
  "opt(?:ed|s|ing)? ?in|double opt*|subscri*|consent*|permission*",
  "accepts?(?: *)? marketing|marketing (?:accepted|allowed|ok|status)|allowed?(?: to)? (?:contact|e ?mail|sms|text|marketing)",
  "(?:may|can|ok to) (?:we |be )?(?:contact*|e ?mail*|sms|text*|call*)",
  "(?:contact|e ?mail|sms|text|call|marketing|messag)(?:s|e?ing)? (?:allowed|permitted)|contactable|marketable",
  "(?:receives?|wants?|sends?|gets?)(?: (?:me|promo*|marketing|our|the)){0,3} (?:e ?mails?|sms|texts?|marketing|news*)",
  "(?:promotional|promo|marketing) (?:e ?mails?|sms|texts?|calls?)|mailing list|newsletters?|gdpr|dsgvo|rgpd",
  // German writes in one word what was done with a newsletter: of these it was taken.
  "newsletter(?:empfang*|anmeld*|abo*|bezug|bezieher*|zustimm*|erlaubnis*)",
  "*einwillig*|*einverstandnis*|werbeerlaubnis|zustimmung|(?:werbung|kontakt|anrufe?|e ?mails?|sms) erlaubt|darf (?:kontaktiert|angerufen|angeschrieben) werden|rundschreiben",
  "consentement|abonne*|inscrit*|accepte (?:les? |la )?(?:e ?mails?|sms|newsletter|marketing|offres|publicite)|recevoir (?:des |les |la )?(?:e ?mails?|sms|newsletter|offres)",
  "consentimiento|suscri*|boletin|acepta (?:publicidad|marketing|comunicaciones|correos|sms)|permite (?:sms|correos|llamadas)|autorizacion",
  "consenso|iscritt*|accetta (?:marketing|newsletter|comunicazioni)|aceita (?:marketing|receber*)|toestemming|nieuwsbrief|zgod[ay]|согласи*|рассылк*",
  "συγκαταθεση|συναινεση|samtykke*|samtycke*|suostumus*|souhlas*|suhlas*|hozzajarulas*|consimtamant*|izni|onay*|nyhetsbrev*|hirlevel*|consiente",
);

/** The name of a column speaks of permission. */
export const namesPermission = (words: string): boolean => permitting.test(words);

/** With these a name beside a permission tells of its end: "subscription cancelled at". */
const ending = anyOf(
  "not?|non|never|without|missing|cancel*|expir*|withdr*|withh*|declin*|den(?:ied|ial|y)|refus*|revo*|reject*|remov*|exclud*|object*|stop*|block*",
  "ohne|kein*|nicht*|fehl*|gekundigt*|kundigung|abgelehnt|ablehnung|widerr*|entzogen|entzug|verweiger*|unerwunscht|beendet",
  "sans|pas|retire*|refuse*|resilie*|sin|revoc*|negat*|rechazad*|senza|negad*|sem|bez|brak|wycofan*|geen|zonder|ingetrokken",
  "без|нет|отозван*|отказ*|χωρις|ανακληση|uten|utan|ilman",
);
export const namesEnd = (words: string): boolean => ending.test(words);

const perhaps = anyOf(
  "opt|e ?mail*|mails?|mailing*|sms|mms|texts?|calls?|phones?|contact*|marketing|promo*|news|offers?|notif*|preferences?|communications?|reminders?",
  "texting|calling|messaging|newsletter*|permission*|consent*|tcpa|remov*|exclud*|block*|spam|undeliverable|litigator|privacy|campaigns?|messages?|unreachable",
  "werb*|kontakt*|anruf*|angerufen|angeschrieben|datenschutz|sperr*|verteiler|erlaub*|darf",
  "accord|autoris*|accepte*|recevoir|courriel*|publicite|offres|appel*|contacter|demarchage",
  "acepta*|permite*|autoriza*|publicidad|comunicaciones|correos?|llamadas?|recibir|cancelad[oa]",
  "trattamento|consens*|aceita*|receber|permesso|accetta*|ricevere|contatto|bellen|mailen|contact opnemen|kontaktowac|dzwonic|звонить|писать",
);

/** The name of a column speaks of messages to people. With nothing but yes and no below it, it may be about consent. */
export const namesWhatIsSent = (words: string): boolean => perhaps.test(words);
