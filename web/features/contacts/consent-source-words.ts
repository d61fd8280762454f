import type { ConsentSource, notTheirs } from "#contract/consents.ts";

/** By what a person gave a consent, as it is chosen. */
export const consentSourceWords: Record<ConsentSource | typeof notTheirs, string> = {
  form: "On a web form",
  paper: "On paper",
  spoken: "Spoken, in person or by telephone",
  message: "In a message of theirs",
  other: "In another way",
  not_theirs: "Not at all: another person had asked for no more",
};
