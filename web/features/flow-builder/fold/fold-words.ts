import { plural } from "#ui/format.ts";

/** What stands in the place of a folded branch: "+12 steps · 1 problem". */
export const foldWords = (steps: number, problems: number): string =>
  [`+${plural(steps, "step")}`, ...(problems > 0 ? [plural(problems, "problem")] : [])].join(" · ");
