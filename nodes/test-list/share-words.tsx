import { formatCount, plural } from "#ui/format.ts";
import type { TestFacts } from "../node-panel.tsx";
import { fieldWords } from "../words/field-words.ts";

type Shares = Pick<TestFacts, "shares" | "unsetFrom">;

/** How many contacts a branch takes today; where it is "others", those that no branch takes. */
export function shareWords({ shares: { status, answer }, unsetFrom }: Shares, branch: number | "others"): string {
  const isUnset = unsetFrom !== undefined && (branch === "others" || branch >= unsetFrom);
  if (isUnset) return branch === unsetFrom ? "Not set up yet" : "Counted once the branches above are set up";
  if (status === "error") return "Could not be counted now";
  if (answer === undefined) return "Counting…";
  const many = branch === "others" ? answer.others : (answer.shares[branch] ?? null);
  if (many !== null) return countWords(many, answer.contacts);
  const untold = answer.untold.filter(({ group }) => branch === "others" || group <= branch);
  const [first] = untold;
  if (!first) return "Cannot be counted";
  const field = fieldWords(first.field);
  if (branch === "others" || first.group < branch) return `Cannot be counted, because a branch above asks for ${field}`;
  return first.why === "run"
    ? `Cannot be counted: ${field} is known only when the flow runs`
    : `Cannot be counted: this test of ${field} is no filter of contacts`;
}

/** "312 contacts · 24 %". */
export function countWords(many: number, contacts: number): string {
  if (contacts === 0) return "No contacts yet";
  const percent = (many / contacts) * 100;
  const share = many === 0 ? "0" : percent < 1 ? "under 1" : percent > 99 && many < contacts ? "over 99" : formatCount(Math.round(percent));
  return `${plural(many, "contact")} · ${share} %`;
}

/** "True now for 312 contacts". */
export function trueNowWords(facts: Shares): string {
  const { answer } = facts.shares;
  const many = facts.unsetFrom === undefined ? (answer?.shares[0] ?? null) : null;
  if (many === null || answer === undefined) return shareWords(facts, 0);
  return many > 0 && many === answer.contacts ? `True now for all ${plural(many, "contact")}` : `True now for ${plural(many, "contact")}`;
}
