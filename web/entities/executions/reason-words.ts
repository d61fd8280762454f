import { type Reason, reasons } from "#contract/reasons.ts";

const mending: Record<(typeof reasons)[Reason]["who"], string> = {
  operator: "You can fix this.",
  owner: "An owner or admin of the workspace can fix this in Settings.",
  contact: "Only the contact can change this.",
  nobody: "Nothing needs mending.",
  support: "This is our fault. The server's log says more.",
};

/** A reason in words, and who can do something about it. */
export const reasonWords = (code: Reason): { text: string; mend: string } => ({
  text: reasons[code].text,
  mend: mending[reasons[code].who],
});
