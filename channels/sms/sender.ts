import { z } from "zod";

/** A sender is kept as it was typed, and a number without its blanks and brackets. */
export const tidySender = (typed: string): string => (/^\+?[\d\s().-]+$/.test(typed) ? typed.replace(/[^\d+]/g, "") : typed);

export const isShortCode = (sender: string): boolean => /^\d{3,8}$/.test(sender);

/** A phone number, a short code, or a name of up to eleven letters and digits that stands in place of a number. */
export const Sender = z
  .string()
  .trim()
  .transform(tidySender)
  .refine(
    (sender) => /^\+[1-9]\d{6,14}$/.test(sender) || isShortCode(sender) || /^(?=.*[A-Za-z])[A-Za-z0-9 &+_-]{1,11}$/.test(sender),
    "A sender is a number with + and its country code, a short code, or a name of up to 11 letters and digits",
  );
