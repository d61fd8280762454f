import { foldName } from "../fold.ts";
import { plainWords } from "./headers.ts";

/*
 * These words may stand behind an agreement without changing it: one moment, where it was given and for what, and words that confirm it. A
 * list of words that take an agreement back never ends, in any language, so everything else leaves a doubt.
 */

const words = (list: string): readonly string[] => list.split(" ");

const approvals = words(
  "yes y true 1 on active enabled ja si oui sim tak ano да ναι ok okay confirmed verified valid current currently still now given granted " +
    "accepted allowed agreed approved consent consents opt in opted double single confirm explicit explicitly express expressly implied full " +
    "fully status subscribed erteilt bestatigt aktiv aktuell",
);
const joining = words(
  "and for to of the a an our all with via by from through at on in during since per as date time und fur zu zum zur von vom am im an seit " +
    "uber durch per per der die das et de du des le la les par pour depuis sur au y el los del por para desde da il di dal e",
);
const sources = words(
  "web website site webform form forms online offline import imported csv list api app pos shop store checkout admin user owner customer " +
    "client contact subscriber staff agent person phone call sms text texts email emails mail mails mms landing page popup event fair paper " +
    "manual manually keyword link account signup registration purchase order booking appointment newsletter newsletters marketing " +
    "promotions promotional offers news updates messages communications channels channel terms conditions privacy policy gdpr dsgvo tcpa " +
    "source ip formular webseite newsletters telefon kunde formulaire site formulario sitio mailchimp hubspot facebook google instagram",
);
const understood: ReadonlySet<string> = new Set([...approvals, ...joining, ...sources]);
/** Behind these stands a name, such as that of a form or of a colleague. */
const beforeName: ReadonlySet<string> = new Set(words("via by through uber durch"));
/** No name, whatever stands before them. */
const noName =
  /^(no|non|not|none|nein|nicht|kein\w*|nao|nem|nie|niet|nee|nej|nei|ikke|inte|ingen|nunca|jamais|rien|nada|off|out|never|nothing|nobody|nil|null|false|mistake|error|accident|\p{L}*(cancel|declin|refus|revo|withdr|expir|reject|remov|inact|disab|delet|block|stop|unsub)\p{L}*)$/u;

const month =
  "(?:jan(?:uary|uar|ner|vier|uari)?|feb(?:ruary|ruar|ruari)?|fevrier|mar(?:ch|z|s|zo|et)?|maerz|apr(?:il)?|avril|ma[yi]|mayo|jun[ei]?|juin|junio|jul[yi]?|juillet|julio|aug(?:ust)?|aout|agosto|sept?(?:ember|embre|iembre)?|o[ck]t(?:ober|obre|ubre)?|nov(?:ember|embre|iembre)?|de[cz](?:ember|embre)?|diciembre|enero|febrero|abril)";
const dates = new RegExp(
  [
    "\\b\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}(?!\\d)",
    "\\b\\d{1,2}[-/.]\\d{1,2}[-/.](?:\\d{4}|\\d{2})\\b",
    `\\b(?:\\d{1,2}(?:st|nd|rd|th|\\.)? +)?${month}\\b\\.? *(?:\\d{1,2}(?:st|nd|rd|th)?,? +)?(?:19|20)\\d{2}\\b`,
    "(?<![\\d.:])(?:19|20)\\d{2}(?![\\d.:])",
  ].join("|"),
  "gu",
);
const times =
  /(?:(?<= )t)?(?<!\d)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[ap]\.?m\b\.?)?(?: ?(?:z|utc|gmt|ce?s?t|[a-z]{1,2}[sd]t|[+-]\d{2}:?\d{2})\b)?/gu;
const addresses = /\bhttps?:\/\/\S+|\S+@\S+|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/gu;
const moment = "onemoment";

/** The words of a cell, with a date as one word, and without times of day and technical addresses. */
export const wordsWithMoment = (value: string): string =>
  plainWords(foldName(value).replace(addresses, " ").replace(dates, ` ${moment} `).replace(times, " "));

/** Tells whether words that stand behind an agreement leave it as it is. Two moments are the beginning and the end of it. */
export function leaveAgreement(rest: string): boolean {
  const said = rest
    .replace(/\bsign up\b/g, "signup")
    .split(" ")
    .filter((word) => word !== "");
  if (said.filter((word) => word === moment).length > 1) return false;
  return said.every(
    (word, at) =>
      word === moment || understood.has(word) || (beforeName.has(said[at - 1] ?? "") && /^[a-z]{3,}$/.test(word) && !noName.test(word)),
  );
}

/** In the name of a column these say who agreed, by which way and to what. They do not say whether somebody did. */
const ofColumns = words(
  "status state flag field custom checkbox check box number list lists i we me my you your us he she they them is are was be been has have " +
    "did does do customer contact lead member patient guest recipient subscriber people person general legal legally direct electronic " +
    "commercial third party parties data personal processing use agree agrees wish wishes want wants like would receive receives receiving " +
    "received accept accepts get gets may can promo promotion promotional news alerts reminders info information weekly monthly daily main " +
    "default primary company brand business global all any preference preferences setting settings permission permissions marketing direct " +
    "transactional mobile telephone calling texting emailing messaging kunde kunden kontakt werbung werbe werbliche newsletter erlaubnis " +
    "zustimmung erklarung post datenschutz telefonische elektronische kommunikation mochte wunscht erhalten erhalt client clients souhaite " +
    "recevoir accepte publicite commerciale commerciales donnees cliente clientes desea quiere recibir acepta publicidad comercial datos " +
    "comunicaciones desidera ricevere trattamento dati commerciale klant wil ontvangen klient zgoda na",
);
const inColumns: ReadonlySet<string> = new Set([...understood, ...ofColumns]);

/** Tells whether what else the name of a column says leaves a permission as it is. Nothing else is taken for one: "consent missing". */
export const leavePermission = (rest: string): boolean =>
  rest
    .replace(/\b(yes no|y n|true false|ja nein|j n|oui non|o n|si no|s n)\b/g, "")
    .split(" ")
    .every((word) => word === "" || inColumns.has(word) || /^\d+$/.test(word));

/** A thumb of another colour is the same thumb. */
export const withoutVariants = (text: string): string => text.replace(/[\u{1F3FB}-\u{1F3FF}\uFE0F]/gu, "");

const yesSigns = /[✓✔☑✅👍👌🆗]/gu;
const noSigns = /[✗✘✖✕×☐☒❌❎👎🚫⛔🛑]/gu;
const sign = /[\p{So}×\p{Extended_Pictographic}]/u;

/** Tells whether the signs beside the words of a cell say something else than "yes" or "no", or nothing that is known. An empty box is a no. */
export function signsDoubt(value: string, says: "yes" | "no"): boolean {
  const others = withoutVariants(value).replace(says === "yes" ? yesSigns : noSigns, "");
  return sign.test(others) || /[?？¿]\s*$|^\s*!|[¬≠]|\[\s*\]|\(\s*\)/u.test(value);
}
