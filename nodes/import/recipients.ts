import { foldKey, type RawReader } from "./raw-values.ts";
import { type Note, undecided } from "./translation.ts";
import { said } from "./undecided.ts";

/** Keys under which a message says to whom it goes, where that may be somebody else than the contact. */
const recipientKeys = [
  ...["to", "recipient", "recipients", "sendto", "recipienttype", "sendtotype", "totype", "sendtoemail", "sendtophone", "sendtonumber"],
  ...["toemail", "toaddress", "tophone", "tonumber", "toname", "emailto", "smsto", "recipientemail", "recipientphone", "recipientnumber"],
  ...["recipientid", "recipientids", "toid", "toids", "touser", "tocontact", "destination", "email", "emails", "emailaddress"],
  ...["phone", "phones", "phonenumber", "phonenumbers", "number", "numbers", "mobile", "mobilenumber", "user", "users", "userid"],
  ...["cc", "bcc", "ccemails", "bccemails", "copyto"],
];

const whose = ["contact", "lead", "customer", "person", "subscriber", "recipient", "client", "current"];
const address = [
  "",
  "email",
  "emailaddress",
  "mail",
  "phone",
  "phonenumber",
  "mobile",
  "mobilephone",
  "mobilenumber",
  "number",
  "id",
  "name",
];
const names: ReadonlySet<string> = new Set(whose.flatMap((who) => address.map((what) => `${who}${what}`)).concat(address.slice(1, -2)));

/** Whether a recipient is the contact: a merge field of its address, or a word for it. Fields of a contact that hold somebody else's are not. */
function isContact(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isContact);
  if (value === true) return true;
  if (typeof value !== "string") return false;
  const name = /^\s*\{\{\s*([^{}|]*?)\s*\}\}\s*$/.exec(value)?.[1] ?? /^\s*\{\s*([\w.]+)\s*\}\s*$/.exec(value)?.[1] ?? value;
  return names.has(foldKey(name));
}

/** Every message from here goes to the contact. One that went to somebody else must not begin to. */
export function checkRecipients(settings: RawReader): Note[] {
  const others = recipientKeys.flatMap((key) => {
    const value = settings.take(key);
    return value === undefined || isContact(value) ? [] : [said(value)];
  });
  if (others.length === 0) return [];
  const shown = `${others
    .slice(0, 5)
    .map((one) => `“${one}”`)
    .join(", ")}${others.length > 5 ? " …" : ""}`;
  return [undecided(`It went to ${shown}. From here it would go to each contact: delete this step, or say that the contact shall get it.`)];
}

const channelKeys = ["channel", "channels", "channeltype", "messagetype", "medium", "via", "type"];
const channelWords = {
  sms: ["sms", "text", "textmessage", "mms", "message", "sendmessage", "sendsms"],
  email: ["email", "mail", "html", "text", "plain", "sendemail"],
} as const;

/** A message of the same kind of step may have gone by another channel. */
export function checkChannel(settings: RawReader, channel: keyof typeof channelWords): Note[] {
  const own: readonly string[] = channelWords[channel];
  return channelKeys.flatMap((key) => {
    const value = settings.take(key);
    const isOwn = value === undefined || [value].flat().every((one) => typeof one === "string" && own.includes(foldKey(one)));
    return isOwn
      ? []
      : [undecided(`It was sent by “${said(value)}”. Here it is an ${channel === "sms" ? "SMS" : "e-mail"}: see whether that will do.`)];
  });
}

/** A message may wait by itself before it leaves. Without a unit, the oldest flows count minutes. */
export function checkWait(settings: RawReader): Note[] {
  const delay = settings.take("delay");
  const unit = settings.text("delayunit", "unit", "timeunit") ?? "minutes";
  if (delay === undefined || delay === 0 || delay === "0") return [];
  return [
    undecided(
      `It waited ${typeof delay === "object" ? said(delay) : `${said(delay)} ${said(unit)}`} before it was sent. Put a delay before it.`,
    ),
  ];
}
