import { describe, expect, test } from "vitest";
import { guessColumns } from "../import-mapping.ts";
import { isConsentTarget, readConsents } from "./consent.ts";
import { ConsentCheck } from "./consent-check.ts";

/** An import that asks nobody refuses by a column, agrees, cannot tell, asks, or notices nothing. */
function outcome(header: string, value: string): string {
  const rows = [
    ["Ann", value],
    ["Bob", value],
  ];
  const columns = guessColumns(["First name", header], rows);
  const target = columns[1]?.target ?? "";
  if (isConsentTarget(target)) {
    const told = readConsents(target, value);
    return told === undefined ? "tells the row" : told.some(({ at }) => at !== null) ? "refuses" : "agrees";
  }
  const check = new ConsentCheck(columns);
  for (const row of rows) check.see(row);
  return check.questions().length > 0 ? "asks" : "silent";
}

/** Headers with a value, as "header = value", one in a line. */
const lines = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => line.trim().split(" = ") as [string, string]);

describe("a refusal is never taken for a consent and never passes unseen:", () => {
  test.each(
    lines(`
      Newsletter abbestellt = ja
      Consent = granted: no
      Permission = allowed: none
      Consent = confirmed refusal
      SMS permission = explicit no
      Consent = given up
      Subscribed = subscribed until 2021
      Accepts Marketing = not_allowed
      Email permission = disallowed
      Subscribed? = ❌
      Subscribed = нет
      Opt-In = Opt-Out
      SendPromotionalEmails = False
      Receive Promotional Emails = No
      Get Marketing Text = N
      News & Promos by Email = No
      Marked email as spam = true
      Has hard bounced = true
      Do not allow Bulk Emails = Do Not Allow
      donotbulkemail = 1
      Marketing Preferences = None
      Preferred contact method = Do not contact
      Contact preference = none
      Can be contacted = no
      Never contact = yes
      Removed from list = yes
      Exclude from campaigns = yes
      DNCR = yes
      Opt Status = Out
      Status = cleaned
      Contact Status = Do Not Market
      Tags = vip, do-not-text
      Tags = stop
      Legal remark = Consent - Declined
      Keine Werbung = ja
      Werbung erlaubt = nein
      Darf angerufen werden = nein
      Einverständniserklärung = nein
      Werbeeinwilligung = nein
      Widerruf = 01.02.2024
      E-Mail gesperrt = ja
      Anrufsperre = X
      Datenschutz = nein
      Newsletterempfänger = nein
      Einwilligung = nicht erteilt
      Bemerkung = Bitte keine Werbung mehr
      Bemerkung = nicht mehr anrufen
      Ne plus contacter = oui
      Liste noire = oui
      Accepte les offres = non
      Recevoir des SMS = non
      Statut = Désinscrite
      No molestar = sí
      Acepta comunicaciones = no
      Permite SMS = no
      Boletín = no
      Estado = dada de baja
      Não contactar = sim
      Aceita receber e-mails = não
      Non contattare = si
      Accetta marketing = no
      Uitgeschreven = ja
      Niet bellen = ja
      Toestemming = nee
      Wypisany = tak
      Не звонить = да
      Отписан = да
      配信停止 = はい
      Email opt-in = Subscribed ❌
      Email opt-in = Opt-in ✗
      Email opt-in = Opt in 👎🏽
      Email opt-in = Yes ❌
      Email opt-in = ☐ Yes
      Email opt-in = [ ] Yes
      Email opt-in = Yes?
      Email opt-in = Subscribed ⚠️
      Email opt-in = opt-in: off
      Email opt-in = allowed off
      Email opt-in = Opt in: F
      Email opt-in = Opt in: N
      Email opt-in = Opt in: X
      Email opt-in = confirmed: 0
      Email opt-in = allow: nao
      Email opt-in = granted: нет
      Email opt-in = accepted - niet
      Email opt-in = allowed: いいえ
      Email opt-in = opted in, nem
      Email opt-in = Subscribed (inactive)
      Email opt-in = Subscribed, expired
      Email opt-in = Opted in / cancelled
      Email opt-in = opt in requested
      Email opt-in = opt-in declined 2024
      Email opt-in = given; later withdrawn
      Email opt-in = accepted 2019-01-01, ended 2020-01-01
      Email opt-in = subscribed 2019 - 2021
      Email opt-in = 2019-01-01 - 2020-01-01
      Email opt-in = 2021-01-01 (cancelled)
      Email opt-in = 01.02.2021 ❌
      Email opt-in = 0000-00-00
      Email opt-in = 1970-01-01 00:00:00
      Email opt-in = subscribed via nobody
      Email opt-in = subscribed and then a long story that ends with them wanting nothing of us any more
      Consent = explicit refusé
      Consent = granted ≠ yes
      smsoptin = 0
      smsallowed = no
      donotsendmm = 1
      hasoptedoutofemail = true
      Συγκατάθεση = όχι
      Permission to text = denied
      Consent to text = no
      Texting allowed = no
      Mailing opt = out
      Mailing opt = in
      Marketing = Non-marketing contact
      Trattamento dati = no
      Samtycke = nej
      Samtykke = nei
      Souhlas = ne
      Hozzájárulás = nem
      SMS İzni = Hayır
      Odhlášen = ano
      Dezabonat = da
      Ingen SMS = ja
      同意 = いいえ
      メール配信 = 不可
      Subscription cancelled at = 2024-01-01
      Consent withdrawal date = 2024-01-01
      Tags = STOP SMS
      Tags = vip; sms stop
      Notes = please stop texting
      Notes = asked us to stop
      Notes = asked to be taken off the list`),
  )("%s = %s", (header, value) => {
    expect(outcome(header, value)).toMatch(/^(refuses|asks|tells the row)$/);
  });
});

describe("the name of a column that turns a permission round is never taken for the permission:", () => {
  const headers = `
    I do not want to receive SMS | I don't want SMS | Do not wish to receive emails | Does not want newsletter | Prefers not to receive SMS
    Not opted in | Without consent | Missing consent | Consent not given | No permission | Not allowed to contact | Not contactable
    Not marketable | Remove from mailing list | Removed from mailing list | Exclude from newsletter | Block marketing SMS
    Disable marketing emails | Declined newsletter | Objects to marketing emails | GDPR objection | Subscription cancelled
    Newsletter cancelled | Opt-in expired | Withhold consent | Consent lapsed | Opt-in: none | Consent void | Ex-subscriber
    ohne Einwilligung | Einwilligung fehlt | Einwilligung nicht erteilt | Einwilligung verweigert | Zustimmung entzogen
    Newsletter gekündigt | Newsletter abgelehnt | Newsletter unerwünscht | Newsletterstopp | Newsletter-Verbot
    Ne souhaite pas recevoir la newsletter | Pas de newsletter | Sans consentement | Consentement retiré | No acepta publicidad
    Sin consentimiento | Consentimiento revocado | No suscrito | No consiente | Non consenso | Consenso negato | Consenso revocato
    Não aceita marketing | Sem consentimento | Nie wyraża zgody | Brak zgody | Zgoda wycofana | Geen toestemming | Geen nieuwsbrief
    Согласие отозвано | Без согласия | Нет согласия | Unmarketable | smsoptout | SMSOPTOUT | nosms | emailoptout | SmsOptOut`;
  test.each(headers.split(/[|\n]/).flatMap((header) => header.trim() || []))("%s", (header) => {
    for (const value of ["yes", "ja", "1"]) expect(outcome(header, value)).toMatch(/^(refuses|asks|tells the row)$/);
  });
});

describe("a consent is never taken for a refusal:", () => {
  test.each(
    lines(`
      Email opt out = Not opted out
      Email opt out = opted in
      DND = inactive
      Subscribed = yes
      Accepts Marketing = allowed
      Do not allow Emails = Allow
      Consent = Granted on 2024-01-01
      Newsletter = abonniert
      Einwilligung = ja
      SendPromotionalEmails = True`),
  )("%s = %s", (header, value) => {
    expect(outcome(header, value)).not.toBe("refuses");
  });
});

describe("an agreement is understood:", () => {
  test.each(
    lines(`
      Email opt-in = Yes ✅
      Email opt-in = ☑ Yes
      Email opt-in = 👍🏽
      Email opt-in = Subscribed ✓
      Email opt-in = re-subscribed
      Email opt-in = Opted in
      Email opt-in = opt in: yes
      Email opt-in = Opt in? Yes
      Email opt-in = allowed: true
      Email opt-in = granted, still active
      Email opt-in = Confirmed opt-in (double)
      Email opt-in = Express consent given
      Email opt-in = Granted on 2024-01-01
      Email opt-in = Subscribed (2024-03-05 10:11:12 UTC)
      Email opt-in = opted in 2024-03-05T10:11:12+02:00
      Email opt-in = confirmed, March 5th, 2024 at 10:15 am
      Email opt-in = angemeldet am 5. März 2024 über Formular
      Email opt-in = subscribed since 2019
      Email opt-in = Opted in via web form
      Email opt-in = Opted in via Wufoo on 03/04/2024
      Email opt-in = granted by Anna, 01.02.2024
      Email opt-in = confirmed from 10.1.2.3
      Email opt-in = accepted terms & privacy policy
      Email opt-in = subscribed to our newsletter
      Email opt-in = 2024-01-01
      Email opt-in = 01.02.2024 10:30
      Email opt-in = Mar 5, 2024
      Email opt-in = 2024-01-01 via web form
      Consent = abonnée depuis 2020
      smsoptin = 1
      smsallowed = yes
      Permission to text = granted
      Texting allowed = yes
      Customer agrees to receive marketing e-mails = yes
      I would like to receive news by SMS = yes
      Newsletter (yes/no) = yes
      Newsletteranmeldung = ja
      Einwilligung Werbung per E-Mail = ja
      Souhaite recevoir la newsletter = oui
      Desea recibir el boletín = sí
      Συγκατάθεση = ναι
      SMS İzni = Evet`),
  )("%s = %s", (header, value) => {
    expect(outcome(header, value)).toBe("agrees");
  });
});

describe("nothing is asked about", () => {
  test.each(
    lines(`
      Company = Stopford & Sons
      Lead source = Mailchimp
      City = Bad Sperrberg
      Contact owner = Ann Lee
      Preferred phone = Mobile
      Marketing channel = Google Ads
      Notes = Called, was not at home
      Notes = Likes the newsletter of March
      Campaign = Spring offer
      Plan = Non-profit
      Tags = vip; options
      Language = nl`),
  )("%s = %s", (header, value) => {
    expect(outcome(header, value)).toBe("silent");
  });
});
