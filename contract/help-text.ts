import { z } from "zod";

/** Three parts of an SMS. */
export const longestHelpText = 480;

/** The answer of a workspace to HELP and INFO. Null: the usual words. Empty: nobody is answered. */
export const HelpText = z.string().trim().max(longestHelpText, `The answer has ${longestHelpText} characters at most`).nullable();

/** What carriers ask for in an answer to HELP: who writes, how to reach them, how to stop, and that it may cost something. */
export const usualHelpText = (workspaceName: string): string =>
  `${workspaceName}: answer this message and a person will help you. Reply STOP to get no more messages. Message and data rates may apply.`;

/** The text of the answer; null where the workspace answers nobody. */
export const helpTextOf = ({ name, helpText }: { name: string; helpText: string | null }): string | null =>
  helpText === null ? usualHelpText(name) : helpText || null;
