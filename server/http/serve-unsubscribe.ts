import type { Express, Request, Response } from "express";
import { languageOfContact, type RecipientLanguage, recipientLanguage, unsubscribeWords } from "#contract/unsubscribe-words.ts";
import type { LinkHolder } from "#engine/messages/message-links.ts";
import { linkPath } from "../compose/message-links.ts";
import type { Resources } from "../compose/resources.ts";
import { readRawBody } from "./raw-body.ts";
import type { RequestRates } from "./request-rates.ts";
import { fillWords, maskAddress, renderUnsubscribePage, type UnsubscribeView, unsubscribePolicy } from "./unsubscribe-page.ts";

/** Mail programs send a line, the page a few. */
const bodyLimit = 4 * 1024;

/**
 * The page behind the link of every e-mail. It is for people who have no account here and for the servers of their mail programs, so it
 * stands beside the API: no session, no cookie and no origin is looked at, the token of the address is all that counts.
 * Reading it changes nothing, because scanners and programs follow links. A POST without more (RFC 8058) unsubscribes at once.
 */
export function serveUnsubscribe(app: Express, resources: Resources, rates?: RequestRates): void {
  const answer = async (req: Request, res: Response) => {
    res.locals.route = `${req.method} /u/:token`;
    await rates?.countAddress(res, res.locals.clientAddress, "providers");
    const who = await resources.links.readToken(String(req.params.token));
    const spoken = acceptedLanguage(req);
    if (who === undefined) return show(res, { kind: "broken" }, spoken, 404);
    if (who === "sample") return show(res, { kind: "sample" }, spoken);
    // Servers of mail programs call for many people at once, but nobody needs one link so often.
    await rates?.count(res, "write", { caller: `link ${who.contactId}`, address: res.locals.clientAddress });
    const before = await resources.engine.readSubscription(who);
    // Nobody is left who could write, so there is nothing to stop.
    if (!before) return show(res, { kind: "broken" }, spoken, 404);
    const language = languageOfContact(before.metadata) ?? spoken;
    const address = maskAddress(who.address);
    if (req.method !== "POST") return show(res, { kind: "question", subscription: before, address }, language);
    const form = new URLSearchParams((await readRawBody(req, res, bodyLimit)).toString("utf8"));
    const saves = form.get("save") === "choices";
    const wants = saves ? chosen(form, before) : { email: "stop" as const };
    await resources.engine.changeSubscription({ who, ...wants, shown: shownTo(who, before.workspaceName, language, form) });
    const subscription = (await resources.engine.readSubscription(who)) ?? before;
    show(res, { kind: saves ? "saved" : "done", subscription, address }, language);
  };
  app.get(linkPath(":token"), answer);
  app.post(linkPath(":token"), answer);
}

function chosen(form: URLSearchParams, before: { email: string; sms: string | null }): { email?: "stop" | "start"; sms?: "stop" } {
  const email =
    before.email === "locked" || form.has("email") === (before.email === "open") ? undefined : form.has("email") ? "start" : "stop";
  return { ...(email && { email }), ...(before.sms === "open" && !form.has("sms") && { sms: "stop" as const }) };
}

/** What the history of consent keeps. A mail program shows words of its own, which we do not know. */
function shownTo(who: LinkHolder, sender: string, language: RecipientLanguage, form: URLSearchParams): string {
  const words = unsubscribeWords[language];
  const names = { sender, address: maskAddress(who.address) };
  if (form.get("save") === "choices")
    return `${fillWords(words.choices, names)}: ${fillWords(words.email, names)}, ${words.sms}. ${words.save}`;
  return `${fillWords(words.question, names)} ${words.button}`;
}

function show(res: Response, view: UnsubscribeView, language: RecipientLanguage, status = 200): void {
  res.set("Content-Security-Policy", unsubscribePolicy).set("Cache-Control", "no-store").set("Referrer-Policy", "no-referrer");
  res.status(status).type("html").send(renderUnsubscribePage(view, language));
}

function acceptedLanguage(req: Request): RecipientLanguage {
  for (const tag of req.acceptsLanguages()) {
    const language = recipientLanguage(tag);
    if (language) return language;
  }
  return "en";
}
