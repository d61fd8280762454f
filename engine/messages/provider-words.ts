import { storableText } from "#contract/storable.ts";

/** More of what a provider says is not read. It may be a megabyte, and whose words they are nobody knows. */
const longestRead = 5_000;
/** Only the beginning of a word is a place where an address begins, so each character is looked at once. */
const addresses = /(?<![^\s<>"])[^\s<>"]+@[^\s<>"]+|\+\d{7,15}/g;

/** A provider's words to be kept beside a channel or an address: at most 300 characters, and no address or number of a person in them. */
export const withoutAddresses = (words: string): string =>
  storableText(storableText(words.slice(0, longestRead).replace(addresses, "…")).slice(0, 300));

/** The words with which a provider says that a person has refused messages, and the sender of ours that it keeps from them. */
export const wordsOfRefusal = (words: string, sender: string | null): string =>
  `${withoutAddresses(words)}${sender === null ? "" : ` Sender: ${sender}`}`;
