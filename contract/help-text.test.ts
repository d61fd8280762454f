import { describe, expect, test } from "vitest";
import { countParts } from "#channels/count-parts.ts";
import { askForStartText, usualHelpText } from "./help-text.ts";
import { recipientLanguages } from "./unsubscribe-words.ts";

const name = "Harbour Dental $& {sender}";

describe.each(recipientLanguages)("an answer of Sluice itself in %s", (language) => {
  test("says who writes and what to reply", () => {
    for (const text of [usualHelpText(name, language), askForStartText(name, language)]) expect(text.startsWith(name)).toBe(true);
    expect(usualHelpText(name, language)).toContain("STOP");
    expect(askForStartText(name, language)).toMatch(/START.*HELP/);
  });

  test("has two parts at most, and three in letters that no SMS has", () => {
    for (const text of [usualHelpText(name, language), askForStartText(name, language)])
      expect(countParts.sms(text)).toBeLessThanOrEqual(language === "el" ? 3 : 2);
  });
});
