import { z } from "zod";
import type { RecipientLanguage } from "./unsubscribe-words.ts";

/** Three parts of an SMS. */
export const longestHelpText = 480;

/** The answer of a workspace to HELP and INFO. Null: the usual words. Empty: nobody is answered. */
export const HelpText = z.string().trim().max(longestHelpText, `The answer has ${longestHelpText} characters at most`).nullable();

interface AnswerWords {
  /** Carriers ask for this in an answer to HELP: who writes, how to reach them, how to stop, and that it may cost something. */
  help: string;
  /** This is said to somebody who has stopped messages and answers, for example, YES: the provider may tell them that they get messages again. */
  askForStart: string;
}

/**
 * The answers of Sluice itself to a text message, in the languages of the unsubscribe page. Letters that would make a text more than twice as
 * long as an SMS are avoided, except in Greek, which has no others. The words STOP, START and HELP are those that providers understand.
 */
const answerWords: Record<RecipientLanguage, AnswerWords> = {
  en: {
    help: "{sender}: answer this message and a person will help you. Reply STOP to get no more messages. Message and data rates may apply.",
    askForStart: "{sender}: you have stopped our messages, so you still get none. To get messages again, reply START. Reply HELP for help.",
  },
  es: {
    help: "{sender}: responda a este mensaje y una persona le ayuda. Responda STOP para dejar de recibir mensajes. Pueden aplicarse tarifas de mensajes y datos.",
    askForStart:
      "{sender}: usted ha detenido nuestros mensajes, por lo que no los recibe. Para recibirlos de nuevo, responda START. Para ayuda, responda HELP.",
  },
  fr: {
    help: "{sender} : répondez à ce message et une personne vous aidera. Répondez STOP pour ne plus recevoir de messages. Des frais de messages et de données peuvent s'appliquer.",
    askForStart:
      "{sender} : vous avez mis fin à nos messages, vous n'en recevez donc plus. Pour en recevoir à nouveau, répondez START. Pour de l'aide, répondez HELP.",
  },
  de: {
    help: "{sender}: Antworten Sie auf diese Nachricht, und jemand hilft Ihnen. Mit STOP erhalten Sie keine Nachrichten mehr. Es können Kosten für Nachrichten und Daten anfallen.",
    askForStart:
      "{sender}: Sie haben unsere Nachrichten gestoppt und erhalten deshalb keine. Um wieder welche zu erhalten, antworten Sie START. Hilfe gibt es mit HELP.",
  },
  el: {
    help: "{sender}: απαντήστε σε αυτό το μήνυμα και θα σας βοηθήσουμε. Απαντήστε STOP για να μη λαμβάνετε μηνύματα. Ενδέχεται να υπάρχουν χρεώσεις.",
    askForStart:
      "{sender}: σταματήσατε τα μηνύματά μας και δεν λαμβάνετε κανένα. Για να λαμβάνετε ξανά, απαντήστε START. Για βοήθεια, απαντήστε HELP.",
  },
};

const saidBy = (workspaceName: string, text: string): string => text.replace("{sender}", () => workspaceName);

export const usualHelpText = (workspaceName: string, language: RecipientLanguage = "en"): string =>
  saidBy(workspaceName, answerWords[language].help);

export const askForStartText = (workspaceName: string, language: RecipientLanguage = "en"): string =>
  saidBy(workspaceName, answerWords[language].askForStart);

/** The text of the answer; null where the workspace answers nobody. What a workspace has written itself has one language. */
export const helpTextOf = (
  { name, helpText }: { name: string; helpText: string | null },
  language: RecipientLanguage = "en",
): string | null => (helpText === null ? usualHelpText(name, language) : helpText || null);
