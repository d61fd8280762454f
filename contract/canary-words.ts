import type { CanaryFinding, CanaryTerms, SendCanary } from "./send-canary.ts";

const percent = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const count = new Intl.NumberFormat("en");
const share = (part: number, of: number): string => `${percent.format(of === 0 ? 0 : (part / of) * 100)} %`;

/** "the first 25", "the first contact". */
export const fewWords = (few: number): string => (few === 1 ? "the first contact" : `the first ${count.format(few)}`);

/** Why the rest of a send is held, in whole sentences with figures. */
export function heldWords({ few, heldFor, failurePercent, optOutPercent }: Pick<SendCanary, "few" | "heldFor"> & Limits): string[] {
  return heldFor.map((finding) => findingWords(finding, few ?? 0, { failurePercent, optOutPercent }));
}

type Limits = Pick<CanaryTerms, "failurePercent" | "optOutPercent">;

function findingWords({ what, contacts }: CanaryFinding, few: number, limits: Limits): string {
  const some = few === 1 ? "The first contact" : `${count.format(contacts)} of ${fewWords(few)}`;
  const found = `${share(contacts, few)}, where at most`;
  switch (what) {
    case "failures":
      return `${some} failed: ${found} ${percent.format(limits.failurePercent)} % may.`;
    case "opt_outs":
      return `${some} opted out: ${found} ${percent.format(limits.optOutPercent)} % may.`;
    case "stop_words":
      return `${some} wrote what may mean that they want no more messages.`;
    case "nothing_sent":
      return few === 1
        ? "No message has left for the first contact, so there is nothing to judge by."
        : `No message has left for any of ${fewWords(few)}, so there is nothing to judge by.`;
  }
}
