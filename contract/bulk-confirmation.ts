import { deletedUntyped } from "./bulk-jobs.ts";

const say = (number: number) => (number === 1 ? "1 contact" : `${number.toLocaleString("en")} contacts`);

export interface Confirmation {
  /** The number that the person was shown. */
  expectedTotal?: number | undefined;
  /** The number that the person typed. */
  confirm?: number | undefined;
}

/**
 * What is missing before so many contacts are changed; undefined where nothing is. A number that was typed has to be right,
 * whatever is done. A deletion of more than 100 contacts is not made without one, and there the number that was shown counts
 * as typed.
 */
export function confirmationProblem(action: string, { confirm, expectedTotal }: Confirmation, total: number): string | undefined {
  const isDeletion = action === "delete";
  const needsNumber = isDeletion && total > deletedUntyped;
  const given = [confirm, needsNumber ? expectedTotal : undefined].filter((number) => number !== undefined);
  if (given.length === 0 ? !needsNumber : given.every((number) => number === total)) return undefined;
  return `This ${isDeletion ? "deletes" : "changes"} ${say(total)}. Type this number to confirm (in the API: "confirm": ${total}).`;
}
