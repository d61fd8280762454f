import { expect, it } from "vitest";
import { addressWords } from "./consent-words.ts";

const consent = { channel: "sms", state: "opted_in", source: "form", address: "+14155552671" } as const;
const contact = { phoneE164: "+14155552671", email: "Ada@Example.test" };

it.each([
  ["the number that the contact has", consent, "For +14155552671"],
  [
    "another number",
    { ...consent, address: "+14155552672" },
    "Given for another number, +14155552672: it does not count for the one of now",
  ],
  ["no number", { ...consent, address: null }, "Given when there was no number: it counts for none"],
  ["the e-mail address, whatever its capitals", { ...consent, channel: "email", address: "ada@example.test" }, "For ada@example.test"],
  ["an opt-out", { ...consent, state: "opted_out" }, undefined],
  [
    "what was asked for under an earlier number",
    { ...consent, state: "opted_out", source: "moved" },
    "Asked for no more under +14155552671. It holds for every number they get, until they agree for that one",
  ],
  ["the word of an admin that it was another person", { ...consent, source: "not_theirs" }, undefined],
  ["START", { ...consent, source: "keyword" }, undefined],
] as const)("a consent says whether it counts: %s", (_, entry, words) => {
  expect(addressWords(entry, contact)).toBe(words);
});
