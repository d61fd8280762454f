import { type Confirmation, confirmationProblem } from "#contract/bulk-confirmation.ts";
import { deletedByEditors } from "#contract/bulk-jobs.ts";
import { EngineRefusal } from "../base/refusal.ts";

/** @throws EngineRefusal forbidden, confirmation_needed */
export function checkDeletion(input: Confirmation & { isAdmin: boolean }, total: number): void {
  if (total > deletedByEditors && !input.isAdmin) {
    throw new EngineRefusal(
      "forbidden",
      `Only an admin may delete more than ${say(deletedByEditors)} contacts at once. These are ${say(total)}: ask an admin, or select fewer.`,
    );
  }
  const problem = confirmationProblem("delete", input, total);
  if (problem !== undefined) throw new EngineRefusal("confirmation_needed", problem);
}

const say = (number: number) => number.toLocaleString("en");
