import { z } from "zod";

/** The telephone of who is signed in, to which messages are sent that they write. Each workspace knows its own. */
export const MyPhone = z.object({
  /** In international form; null where none was given. */
  phone: z.string().nullable(),
  /** Whether it was shown to be theirs, by the code that was sent to it. */
  isProven: z.boolean(),
});
export type MyPhone = z.infer<typeof MyPhone>;

export const MyPhoneInput = z.strictObject({ phone: z.string().trim().min(1, "A phone number is needed").max(40) });

/** Minutes for which a code counts, and how often it may be given wrongly. */
export const phoneCode = { digits: 6, minutes: 10, tries: 5 } as const;

export const MyPhoneProof = z.strictObject({
  code: z
    .string()
    .transform((text) => text.replace(/\s/g, ""))
    .pipe(z.string().regex(/^\d{6}$/, "The code has six digits")),
});
