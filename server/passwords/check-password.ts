import { readFileSync } from "node:fs";
import { join } from "node:path";
import { invalid } from "../http/errors.ts";

/**
 * The 10,000 most common passwords, and those of 12 characters and more that come after them, from
 * https://github.com/zxcvbn-ts/zxcvbn (packages/languages/common, 4.1.3, MIT: see zxcvbn-license.txt). Lower case,
 * one a line, the most common first.
 */
let common: Set<string> | undefined;
const isCommon = (word: string): boolean => {
  common ??= new Set(
    readFileSync(join(import.meta.dirname, "most-used-passwords.txt"), "utf8")
      .trimEnd()
      .split("\n"),
  );
  return common.has(word);
};

/** What is known about the person who chooses the password, as they wrote it. */
export interface About {
  email: string;
  name?: string | undefined;
  workspaceNames?: readonly string[];
}

/** Fewer letters than this beside one's own name or address are no secret. */
const leastOfOnesOwn = 6;
const shortestOwnWord = 3;

/**
 * Says why a password is too easy to guess; undefined if it is not. Case, digits and signs around a common word do not
 * make it better, and neither does repeating it.
 */
export function passwordProblem(password: string, about: About): string | undefined {
  const typed = password.normalize("NFKC").toLowerCase();
  const letters = onlyLetters(typed);
  if ([typed, squashed(typed), letters, repeatedPart(typed), repeatedPart(letters)].some(isCommon)) {
    return "This password is on the list of the most common ones. Choose another";
  }
  if (letters === "") return "Digits and signs alone are easy to guess. Add words";
  if (new Set(squashed(typed)).size < 4) return "The same few characters again and again are easy to guess. Choose another";
  const rest = ownWords(about).reduce((left, word) => left.replaceAll(word, ""), squashed(typed));
  if (rest !== squashed(typed) && onlyLetters(rest).length < leastOfOnesOwn) {
    return "Your name, your e-mail address or the name of your workspace are easy to guess. Choose something else";
  }
  return undefined;
}

/** @throws ApiError invalid_request at `path`, wherever a password is set that is too easy to guess */
export function requireGoodPassword(password: string, about: About, path: string): void {
  const message = passwordProblem(password, about);
  if (message) throw invalid([{ path, message }]);
}

const squashed = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, "");
const onlyLetters = (text: string): string => text.replace(/[^\p{L}]/gu, "");

/** "abcabcabc" is "abc". Linear: a text is repeated if it stands inside of itself written twice. */
function repeatedPart(text: string): string {
  const again = `${text}${text}`.indexOf(text, 1);
  return again > 0 && again < text.length ? text.slice(0, again) : text;
}

/** The longest first, so that a name inside of an address does not leave the rest of the address standing. */
function ownWords({ email, name = "", workspaceNames = [] }: About): string[] {
  const [local = "", domain = ""] = email.normalize("NFKC").toLowerCase().split("@");
  const texts = [email, local, domain, ...local.split(/[^\p{L}\p{N}]+/u), ...domain.split("."), name, ...name.split(/\s+/), "sluice"];
  const names = workspaceNames.flatMap((one) => [one, ...one.split(/\s+/)]);
  const words = [...texts, ...names].map((text) => squashed(text.normalize("NFKC").toLowerCase()));
  return [...new Set(words)].filter((word) => word.length >= shortestOwnWord).sort((a, b) => b.length - a.length);
}
