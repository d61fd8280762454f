import { translateCondition, translateSplit } from "./branching.ts";
import { translateCall } from "./calls.ts";
import * as contact from "./contact-steps.ts";
import * as flow from "./flow-steps.ts";
import { translateEmail, translateSms } from "./messages.ts";
import { foldKey } from "./raw-values.ts";
import { translateDelay, translateSmartDelay, translateUntilTime } from "./timing.ts";
import type { Translate } from "./translation.ts";

/** The kinds of steps of other products that have a counterpart here, by their folded names. */
const translations: Record<string, Translate> = {
  ...named(["start", "trigger", "starttrigger", "manualtrigger"], flow.translateStart),
  ...named(["end", "stop", "exit", "endflow", "stopflow"], flow.translateEnd),
  ...named(["delay", "wait", "waitdelay"], translateDelay),
  ...named(["smartdelay"], translateSmartDelay),
  ...named(["untiltime", "untilmessagejob", "waituntiltime"], translateUntilTime),
  ...named(["condition", "ifelse", "branch"], translateCondition),
  ...named(["abtest", "split", "absplit"], translateSplit),
  ...named(["goto"], flow.translateGoTo),
  ...named(["triggerflow", "startflow", "runflow"], flow.translateStartFlow),
  ...named(["subscribecampaign", "subscribesequence", "enrollsequence"], flow.translateSequence),
  ...named(["sendmessage", "message", "sendsms", "sms"], translateSms),
  ...named(["sendemail", "email"], translateEmail),
  ...named(["addtag"], contact.translateAddTag),
  ...named(["removetag"], contact.translateRemoveTag),
  ...named(["setvariable"], contact.translateSetVariable),
  ...named(["markdnc"], contact.translateDoNotContact),
  ...named(["smsoptin", "setsmsoptin"], contact.translateSmsOptIn),
  ...named(["smsoptout", "setsmsoptout"], contact.translateSmsOptOut),
  ...named(["emailoptin", "setemailoptin"], contact.translateEmailOptIn),
  ...named(["emailoptout", "setemailoptout"], contact.translateEmailOptOut),
  ...named(["runapirequest", "httprequest", "apirequest", "sendwebhook", "webhook"], translateCall),
};

function named(names: readonly string[], translate: Translate): Record<string, Translate> {
  return Object.fromEntries(names.map((name) => [name, translate]));
}

export const findTranslation = (type: string): Translate | undefined => {
  const name = foldKey(type);
  return Object.hasOwn(translations, name) ? translations[name] : undefined;
};
