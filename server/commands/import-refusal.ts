import type { Problem } from "#contract/api-errors.ts";

/** The file, or what should be made of it, cannot be imported any further. The sentence is for the person who sent it. */
export class ImportRefusal extends Error {
  override name = "ImportRefusal";
  readonly problems: Problem[] | undefined;

  constructor(message: string, problems?: Problem[]) {
    super(message);
    this.problems = problems;
  }
}
