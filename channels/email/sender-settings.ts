import { z } from "zod";

/** The sender of an e-mail, for providers that are reached by an API. */
export const senderSettings = {
  fromName: z
    .string()
    .trim()
    .max(100)
    .regex(/^[^\p{Cc}<>"\u2028\u2029]*$/u, "A name holds no brackets, quotation marks and line breaks")
    .default(""),
  fromAddress: z.email().max(254),
  replyTo: z.email().max(254).optional(),
};

export const senderText = ({ fromName, fromAddress }: { fromName: string; fromAddress: string }): string =>
  fromName === "" ? fromAddress : `${fromName} <${fromAddress}>`;

/** A key or a secret: without spaces, and not a word that somebody typed for the time being. */
export const apiSecret = z
  .string()
  .trim()
  .refine(
    (text) => text === "" || (text.length >= 16 && text.length <= 500 && !/\s/.test(text)),
    "This has 16 characters or more, and no spaces",
  )
  .optional();
