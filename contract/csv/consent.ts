import { isWithinYears } from "../date-bounds.ts";
import { leaveAgreement, leavePermission, signsDoubt, withoutVariants, wordsWithMoment } from "./consent-rest.ts";
import { namesEnd, namesPermission, namesRefusal, namesWhatIsSent, saysRefusal, withoutConsent } from "./consent-words.ts";
import { plainWords } from "./headers.ts";

/** Targets of a column that says who refused. A yes or a date refuses. */
export const refusalTargets = ["dnc", "sms_opted_out", "email_opted_out"] as const;
/** Targets of a column that says who agreed. A no refuses; a yes changes nothing, because an import never loosens consent. */
export const permissionTargets = ["contact_allowed", "sms_allowed", "email_allowed"] as const;
export const consentTargets = [...refusalTargets, ...permissionTargets] as const;
export type ConsentTarget = (typeof consentTargets)[number];

export const isConsentTarget = (target: string): target is ConsentTarget => (consentTargets as readonly string[]).includes(target);
const isPermission = (target: ConsentTarget) => (permissionTargets as readonly string[]).includes(target);

/** Headers that describe a consent without being one: where a person subscribed, at which address, under which text. */
const circumstance =
  /\b(reason|campaign( title)?|source|ip|ips|method|title|user|by|text|version|form|url|page|id|plan|tier|price|amount|renewal|country|location)$/;
/** These speak of consent in values of their own: only a person can say what they mean. */
const unclear = /\b(marketing contact status|(legal|lawful) basis)\b|同意|許可|許諾|配信|購読|订阅|訂閱|수신|동의/;
const moment = /\b(date|time|timestamp|at|on|since|datum|updated|changed)$/;
const otherChannels =
  /\b(fax|post|postal|letter|print|direct mail|whats ?app|push|facebook|fb|messenger|gmb|gbp|google|voice ?mail|linkedin|instagram)\b/;
const bySms = /\b(sms|texts?|mms|mobile|phones?|calls?|telephone|telefon|anruf\w*|angerufen|appeler|llamar|bellen|звонить)\b/;
const byEmail = /\b(bulk ?)?(e ?mails?|mails?|mailing|newsletter\w*|courriel|correos?|nieuwsbrief|boletin|mailsperre|spam|bounced?)\b/;

/** `HasOptedOutOfEmail`, `EMAIL_BLACKLISTED` and `smsoptout` in words, as people write them. */
const headerWords = (header: string): string =>
  plainWords(header.replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1 $2").replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2"))
    .split(" ")
    .map((word) => (joined.test(word) ? (word.match(pieces) ?? []).join(" ") : word))
    .join(" ");
const piece =
  "is|has|from|allowed|all|of|do|not|no|bulk|contact|calls?|phone|e?mails?|texts?|sms|mms|market(?:ing)?|opt(?:ed)?|in|out|unsub(?:scribed?)?|subscribed|mm|consent|permission|send|newsletters?";
/** Several words in one, of which one speaks of consent. */
const joined = new RegExp(`^(?=.*(?:opt|not|no|unsub|subscribed|consent|permission|allowed))(?:${piece}){2,}$`);
const pieces = new RegExp(piece, "g");

/**
 * A header speaks of consent as the target of its column or as "circumstance"; undefined where it says nothing. "perhaps": it names what
 * is sent to people, which is about consent where only yes and no stand below it.
 */
export function consentInHeader(
  header: string,
): ConsentTarget | "unclear" | "refusal circumstance" | "circumstance" | "perhaps" | undefined {
  const words = headerWords(header);
  const isRefusal = namesRefusal(words);
  if (!isRefusal && unclear.test(words)) return "unclear";
  const isPermit = !isRefusal && namesPermission(words);
  const [sms, email] = [bySms.test(words), byEmail.test(words)];
  if (!isRefusal && !isPermit) return namesWhatIsSent(words) ? "perhaps" : undefined;
  if (words === "unsub time" || words === "unsubscribed from all email") return "email_opted_out";
  if (otherChannels.test(words) && !sms && !email) return "circumstance";
  const rest = withoutConsent(words);
  const isCircumstance = (circumstance.test(rest) && !/\bto text$/.test(words)) || (isPermit && moment.test(words));
  if (isCircumstance) return isRefusal ? "refusal circumstance" : namesEnd(rest) ? "unclear" : "circumstance";
  // "No consent" and "consent missing" say the opposite, in more ways than a list holds.
  if (isPermit && !leavePermission(rest)) return "unclear";
  if (sms !== email) return isRefusal ? (sms ? "sms_opted_out" : "email_opted_out") : sms ? "sms_allowed" : "email_allowed";
  return isRefusal ? "dnc" : "contact_allowed";
}

const words = (list: string) => new Set(list.split(","));
const yes = words(
  "yes,y,true,t,1,x,on,active,enabled,ja,si,oui,sim,tak,ano,da,evet,igen,kylla,jah,да,ναι,wahr,vrai,verdadero,vero,checked,✓,✔,☑,✅,👍,はい,是",
);
const no = words(
  "no,n,false,f,0,off,inactive,disabled,none,never,nein,nee,non,nao,nie,ne,nem,nej,nei,ei,hayır,не,нет,οχι,falsch,faux,falso,unchecked,null,not set,✗,✘,✖,✕,❌,👎,🚫,☐,☒,いいえ,否",
);
/** These refuse, whatever the column asks. */
const refused =
  /^((has |is |user |email |sms |globally |manually )*(unsubscrib\w*|opt(ed|s)? ?out|out)|do not (contact|call|e ?mail|text|sms|disturb|message|allow|market)|(not|never|dis) ?(allowed|permitted|granted|given|confirmed|accepted|opted in|subscribed)|no (consent|thanks)|blocked|cleaned|(hard |soft )?bounced?|complain\w*|spam( complaint)?|abuse( complaint)?|reported|revoked|withdrawn|withheld|(explicitly )?(denied|declined|refused|rejected)|stop(ped)?|permanent|pending|unconfirmed|removed|non marketing( contact)?|baja|widerrufen|gesperrt|keine|abgelehnt|nicht erteilt)( .{0,40})?$/;
/** These agree, whatever the column asks, unless what follows leaves a doubt: "granted: no", "subscribed until 2021". */
const agreed =
  /^(?:(?:re ?)?subscribed|opt(?:ed|s)? ?in|opt in|(?:double|single|confirmed) opt ?in|confirmed|granted|given|allow(?:ed)?|accepted|permitted|explicit|implied|implicit|express(?: consent)?|in|marketing contact|angemeldet|abonnee?|inscrite?|iscritt[oa]|suscrit[oa])(?<rest> .*)?$/u;

/** Letters of an answer. A longer text says so much beside it that a person must read it. */
const longestAnswer = 500;

/** The words of a cell, or its sign where it has none. */
const saidIn = (value: string): string => plainWords(value) || withoutVariants(value).trim();

/** Says whether a cell holds yes, no, or that somebody agreed or refused, and nothing else. */
export function isAnswer(value: string): boolean {
  if (value.length > longestAnswer) return false;
  const said = saidIn(value);
  return yes.has(said) || no.has(said) || refused.test(said) || agreed.test(said);
}

/** When the person refused; null for "did not"; undefined where the value does not say. A moment in the future is now. */
export function readConsent(target: ConsentTarget, value: string): "now" | Date | null | undefined {
  if (value.length > longestAnswer) return undefined;
  const said = saidIn(value);
  if (said === "-" || said === "–") return null;
  // "Not opted out" refuses nothing.
  if (!/^(not|never|non) (opted out|unsubscribed)\b/.test(said) && (refused.test(said) || saysRefusal(said))) return "now";
  const isOneSign = said !== "" && plainWords(value) === "";
  const agreement = agreed.exec(wordsWithMoment(value));
  if (agreement) return leaveAgreement(agreement.groups?.rest ?? "") && !signsDoubt(value, "yes") ? null : undefined;
  const permits = isPermission(target);
  // A value that may be a refusal is one. A value that lets a person be written to must leave no doubt.
  if (yes.has(said)) return !permits ? "now" : isOneSign || !signsDoubt(value, "yes") ? null : undefined;
  if (no.has(said)) return permits ? "now" : isOneSign || !signsDoubt(value, "no") ? null : undefined;
  const at = momentOf(value);
  if (at === undefined || !permits) return at;
  return isSinceKnown(value) && leaveAgreement(wordsWithMoment(value)) && !signsDoubt(value, "yes") ? null : undefined;
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
    .slice(0, longestAnswer)
    .split(/[,;|/+&\n]|\b(?:and|und|et|y|e|en)\b/i)
    .map(plainWords)
    .filter((part) => part !== "")
    .map((part) => channelNames.find(([names]) => names.test(part))?.[1]);
  if (refusedTargets.length === 0 || refusedTargets.includes(undefined)) return undefined;
  const ours = [...new Set(refusedTargets)].filter((each): each is ConsentTarget => each !== null && each !== undefined);
  return ours.length === 0 ? [{ target, at: null }] : ours.map((each) => ({ target: each, at: "now" as const }));
}

/** Systems write a day such as 0000-00-00, or the first of their clock, where nobody ever agreed. */
const isSinceKnown = (value: string): boolean => !/^(?:0\d{3}|1[0-8]\d\d|19(?:0[01]|70)-01-01|0{1,2}[./-]0{1,2}[./-])/.test(value.trim());

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

/** Most values of a file pass this quick look and are not taken apart. It finds a piece of every refusal. */
const perhapsLoud =
  /sub|opt|not|n.t\b|never|longer|\bno[ _-]|\bdn|black|block|deny|suppr|spam|remov|stop|taken|tps|market|uncont|odhl|leirat|odjav|avreg|avan|meldt|ingen|inga|ikke|clean|complain|bounc|revok|withdr|declin|denied|abge|abm|abbe|austr|ausge|sperr|verbot|robin|wider|kein|nicht|d[eé]s|noire|bloctel|\bne[ _-]|baja|negra|refus|oppos|n[aã]o|cancelou|disis|non|afge|uitg|niet|wypis|nie|отпис|не |απεγ|διαγ|解除|停止|拒|退/i;
const longestSaying = 80;

/** Says whether a value of any column sounds like a refusal, also as one of several in a cell ("vip; unsubscribed"). */
export function soundsLikeRefusal(value: string): boolean {
  if (value.length > 2000 || !perhapsLoud.test(value)) return false;
  return value.split(/[,;|\n]/).some((part) => part.length <= longestSaying && saysRefusal(plainWords(part)));
}
