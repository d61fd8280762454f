import type { Problem } from "#contract/api-errors.ts";

/** The file, or what should be made of it, cannot be imported. The sentence is for the person who sent it. */
export class ImportRefusal extends Error {
  override name = "ImportRefusal";
  readonly problems: Problem[] | undefined;
  /** `consent_unclear` asks what the named columns mean; the same file with the answers is imported. */
  readonly code: "import_invalid" | "consent_unclear";

  constructor(message: string, problems?: Problem[], code: "import_invalid" | "consent_unclear" = "import_invalid") {
    super(message);
    this.problems = problems;
    this.code = code;
  }
}
