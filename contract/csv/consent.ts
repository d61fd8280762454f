import { isWithinYears } from "../date-bounds.ts";
import { plainWords } from "./headers.ts";

// What the columns of other systems say about consent. Sources: the exports of HubSpot ("Unsubscribed from all email",
// "Opted out of email: …"), HighLevel ("DND", "DND SMS"), Mailchimp (UNSUB_TIME, "Status"), Brevo (EMAIL_BLACKLISTED,
// OPT_IN), Salesforce (HasOptedOutOfEmail, DoNotCall), Klaviyo ("Email Marketing Consent"), ActiveCampaign ("Status"),
// Google Contacts and Outlook (labels and people's own columns).

/** Targets of a column that says who refused. A yes or a date refuses. */
export const refusalTargets = ["dnc", "sms_opted_out", "email_opted_out"] as const;
/** Targets of a column that says who agreed. A no refuses; a yes changes nothing, because an import never loosens consent. */
export const permissionTargets = ["contact_allowed", "sms_allowed", "email_allowed"] as const;
export const consentTargets = [...refusalTargets, ...permissionTargets] as const;
export type ConsentTarget = (typeof consentTargets)[number];

export const isConsentTarget = (target: string): target is ConsentTarget => (consentTargets as readonly string[]).includes(target);
const isPermission = (target: ConsentTarget) => (permissionTargets as readonly string[]).includes(target);

const refusal =
  /\b(opt(ed|s|ing)? ?out|opt out|unsub\w*|un subscribed?|do not (contact|call|e ?mail|mail|text|sms|message|disturb|send)|dont (contact|call|e?mail|text)|no (contact|calls?|e ?mails?|sms|texts?|marketing)|dnd|dnc|dne|black ?list\w*|block ?list\w*|deny ?list\w*|suppress\w*|blocked|complain\w*|abgemeldet|abmeldung|austrag\w*|werbesperre|kontaktsperre|sperrvermerk|robinson\w*|desabonn\w*|desinscri\w*|ne pas contacter|baja|no contactar|disiscri\w*|descadastr\w*|stop)\b/;
const permission =
  /\b(opt(ed|s|ing)? ?in|double opt\w*|subscri\w*|consent\w*|permission\w*|accepts?( \w+)? marketing|marketing (accepted|allowed|ok|status)|allowed?( to)? (contact|e ?mail|sms|text|marketing)|(may|can|ok to) (we )?(contact|e ?mail|sms|text)|(contact|e ?mail|sms|text|marketing)s? allowed|newsletter|gdpr|dsgvo|rgpd|einwilligung\w*|werbeerlaubnis|zustimmung|consentement|consentimiento|consenso|abonne\w*|inscrit\w*|suscri\w*|iscritt\w*)\b/;
/** Headers that describe a consent without being one: where a person subscribed, at which address, under which text. */
const circumstance =
  /\b(reason|campaign( title)?|source|ip|ips|method|title|user|by|text|version|form|url|page|id|plan|tier|price|amount|renewal|country|location)$/;
/** These speak of consent in values of their own: only a person can say what they mean. */
const unclear = /\b(marketing contact status|(legal|lawful) basis)\b/;
const moment = /\b(date|time|timestamp|at|on|since|datum|updated|changed)$/;
const otherChannels =
  /\b(fax|post|postal|letter|print|direct mail|whats ?app|push|facebook|fb|messenger|gmb|gbp|google|voice ?mail|linkedin|instagram)\b/;
const bySms = /\b(sms|texts?|mms|mobile|phones?|calls?|telephone|telefon|anruf)\b/;
const byEmail = /\b(e ?mails?|mails?|mailing|newsletter|courriel|correo)\b/;

/** `HasOptedOutOfEmail` and `EMAIL_BLACKLISTED` in words, as people write them. */
const headerWords = (header: string): string =>
  plainWords(header.replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1 $2").replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2"));

/** What a header says about consent: the target of its column, "circumstance", or undefined where it says nothing. */
export function consentInHeader(header: string): ConsentTarget | "unclear" | "refusal circumstance" | "circumstance" | undefined {
  const words = headerWords(header);
  if (unclear.test(words)) return "unclear";
  const joined = words.replaceAll(" ", "");
  const isRefusal =
    refusal.test(words) || /^(is|has)?(optout|optedout|unsubscribed|donotcontact|donotcall|donotemail|donottext)$/.test(joined);
  const isPermit = !isRefusal && (permission.test(words) || /^(is|has)?(optin|optedin|subscribed)$/.test(joined));
  if (!isRefusal && !isPermit) return undefined;
  if (words === "unsub time" || words === "unsubscribed from all email") return "email_opted_out";
  const [sms, email] = [bySms.test(words), byEmail.test(words)];
  if (otherChannels.test(words) && !sms && !email) return "circumstance";
  if (circumstance.test(words.replace(refusal, "").replace(permission, ""))) return isRefusal ? "refusal circumstance" : "circumstance";
  if (isPermit && moment.test(words)) return "circumstance";
  if (sms !== email) return isRefusal ? (sms ? "sms_opted_out" : "email_opted_out") : sms ? "sms_allowed" : "email_allowed";
  return isRefusal ? "dnc" : "contact_allowed";
}

const words = (list: string) => new Set(list.split(","));
const yes = words("yes,y,true,t,1,x,on,active,enabled,ja,si,oui,sim,tak,ano,da,wahr,vrai,verdadero,vero,checked,✓,✔");
const no = words("no,n,false,f,0,off,inactive,disabled,none,nein,non,nao,nie,ne,falsch,faux,falso,unchecked,null,not set");
/** These refuse, whatever the column asks. */
const refused =
  /^((has |is |user |email |sms |globally |manually )*(unsubscrib\w*|opt(ed|s)? ?out|opt out)|(never|not|non) ?(subscribed|opted in)|un ?subscribed|do not (contact|call|e?mail|text|sms|disturb|message)|no (consent|marketing)|dnd|dnc|black ?listed|block ?listed|blocked|suppressed|cleaned|(hard )?bounced?|complain\w*|spam( complaint)?|abuse( complaint)?|reported|revoked|withdrawn|denied|declined|refused|rejected|stop(ped)?|permanent|pending|unconfirmed|not confirmed|abgemeldet|desabonne|desinscrit|baja|disiscritto|widerrufen|gesperrt|no marketing)( .{0,40})?$/;
/** These agree, whatever the column asks. */
const agreed =
  /^((re ?)?subscribed|opt(ed|s)? ?in|opt in|(double|single|confirmed) opt ?in|confirmed|granted|given|allowed|accepted|permitted|explicit|implied|express( consent)?|angemeldet|abonne|inscrit|iscritto|suscrito)( .{0,40})?$/;

/** When the person refused; null for "did not"; undefined where the value does not say. A moment in the future is now. */
export function readConsent(target: ConsentTarget, value: string): "now" | Date | null | undefined {
  const said = plainWords(value) || value.trim();
  if (said === "-" || said === "–") return null;
  if (refused.test(said)) return "now";
  if (agreed.test(said)) return null;
  const permits = isPermission(target);
  if (yes.has(said)) return permits ? null : "now";
  if (no.has(said)) return permits ? "now" : null;
  const at = momentOf(value);
  if (at === undefined) return undefined;
  return permits ? null : at;
}

/** Channels by the names that a cell may give them. A refusal of calls counts for SMS, as a column about calls does. */
const channelNames: readonly [RegExp, ConsentTarget | null][] = [
  [/^(all|everything|all channels|any|alle|todos|tous|tutti)$/, "dnc"],
  [/^(sms|mms|texts?|text messages?|sms texts?|phones?|(inbound |outbound |voice )?calls?|telephone|telefon)$/, "sms_opted_out"],
  [/^(e ?mails?|mails?|newsletters?)$/, "email_opted_out"],
  [
    /^(whats ?app|facebook|fb|(facebook )?messenger|gmb|gbp|google( my business)?|instagram|ig|live ?chat|voice ?mails?|fax|post|push)$/,
    null,
  ],
];

/** A refusal as a cell tells it: of what, and when; null for none. */
export interface ToldConsent {
  target: ConsentTarget;
  at: "now" | Date | null;
}

/**
 * What a cell of a column about consent says. In a column about refusals a channel, or a list of channels ("SMS, Email" under
 * "DND"), refuses these channels. Undefined where the value does not say.
 */
export function readConsents(target: ConsentTarget, value: string): ToldConsent[] | undefined {
  const at = readConsent(target, value);
  if (at !== undefined) return [{ target, at }];
  if (isPermission(target)) return undefined;
  const refusedTargets = value
    .slice(0, 500)
    .split(/[,;|/+&\n]|\b(?:and|und|et|y|e|en)\b/i)
    .map(plainWords)
    .filter((part) => part !== "")
    .map((part) => channelNames.find(([names]) => names.test(part))?.[1]);
  if (refusedTargets.length === 0 || refusedTargets.includes(undefined)) return undefined;
  const ours = [...new Set(refusedTargets)].filter((each): each is ConsentTarget => each !== null && each !== undefined);
  return ours.length === 0 ? [{ target, at: null }] : ours.map((each) => ({ target: each, at: "now" as const }));
}

function momentOf(value: string): "now" | Date | undefined {
  const text = value.trim();
  // ISO, as Mailchimp and our own export write it. Without a zone it is UTC.
  const iso = /^\d{4}-\d{2}-\d{2}/.test(text)
    ? Date.parse(text.replace(/^(\S+) (\d\S*)$/, "$1T$2").replace(/(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?)$/, "$1Z"))
    : Number.NaN;
  // The day of a refusal may be a placeholder such as 0000-00-00. It is a refusal all the same.
  if (!Number.isNaN(iso)) return iso > Date.now() || !isWithinYears(new Date(iso).toISOString()) ? "now" : new Date(iso);
  // A day that may be written in two orders is a refusal all the same; only its moment is not known.
  return /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b/.test(text) || /^\p{L}{3,9}\.? \d{1,2},? \d{4}\b/u.test(text) ? "now" : undefined;
}

/** A value of any column that sounds like a refusal, also as one of several in a cell ("vip; unsubscribed"). */
const loud =
  /\b(unsubscrib\w*|un subscribed|opt(ed)? ?out|opt out|do not (contact|call|e?mail|text|sms|disturb|message)|dnd|dnc|black ?listed|block ?listed|suppressed|(never|not|non) ?subscribed|spam complaint|no marketing|abgemeldet|werbesperre|desabonne|desinscrit|disiscritto|revoked|withdrawn)\b/;
/** Most values of a file pass this quick look and are not taken apart. */
const perhapsLoud = /subscri|opt|do not|dn[dc]|(black|block).?list|suppress|spam|no.marketing|abge|werbe|d[eé]s|disis|revok|withdr/i;
const longestSaying = 80;

export function soundsLikeRefusal(value: string): boolean {
  if (value.length > 2000 || !perhapsLoud.test(value)) return false;
  return value.split(/[,;|\n]/).some((part) => part.length <= longestSaying && loud.test(plainWords(part)));
}
