import { storableText } from "#contract/storable.ts";

/** A provider's words to be kept beside a channel or an address: at most 300 characters, and no address or number of a person in them. */
export const withoutAddresses = (words: string): string =>
  storableText(storableText(words.replace(/[^\s<>"]+@[^\s<>"]+|\+\d{7,15}/g, "…")).slice(0, 300));
