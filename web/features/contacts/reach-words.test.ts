import { expect, it } from "vitest";
import { reachWords } from "./reach-words.ts";

it.each([
  [{ sms: null, email: null }, "Can receive SMS and e-mail"],
  [{ sms: "country_not_allowed", email: null }, "Can receive e-mail. No SMS: SMS to the country of the number are not allowed."],
  [{ sms: "no_phone", email: "no_email" }, "Can receive nothing. No SMS: No phone number. No e-mail: No e-mail address."],
] as const)("what keeps marketing from a contact is told: %o", (reach, words) => {
  expect(reachWords(reach)).toBe(words);
});
