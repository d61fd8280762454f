import { describe, expect, it } from "vitest";
import { type Reason, reasonCodes } from "#contract/reasons.ts";
import { reasonWords } from "./reason-words.ts";

describe("reasons in words", () => {
  it.each(reasonCodes)("says “%s” as a sentence without the code, and who can mend it", (code: Reason) => {
    const words = reasonWords(code);
    expect(words.text).toMatch(/^[A-Z].{5,}[^.]$/);
    expect(words.text).not.toContain("_");
    expect(words.mend).toMatch(/^[A-Z].+\.$/);
  });

  it("does not send anybody to Settings for what only the contact may decide", () => {
    expect(reasonWords("opted_out_sms").mend).toBe("Only the contact can change this.");
    expect(reasonWords("no_provider").mend).toContain("Settings");
  });
});
