import type { DomainRow, DomainRowState } from "#contract/sending-domain.ts";
import type { StatusName } from "#ui/theme-tokens.ts";

export const rowTitles: Record<DomainRow["id"], string> = {
  spf: "SPF: who may send",
  dkim: "DKIM: the signature",
  dmarc: "DMARC: what fails",
  mx: "Where answers arrive",
};

/** Always a word and an icon beside the colour. */
export const domainStates: Record<DomainRowState, { status: StatusName; label: string }> = {
  good: { status: "completed", label: "Right" },
  warn: { status: "partial_failure", label: "Look at it" },
  bad: { status: "failed", label: "Wrong" },
  unknown: { status: "unknown", label: "No answer" },
};
