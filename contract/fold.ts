/**
 * A name in the form in which names of a workspace are compared: "Café", "CAFE " and "café" are one name. Compatible
 * characters are unified (NFKC), case and marks are ignored, and spaces are collapsed. In the database
 * `private.folded_name` does the same.
 */
export const foldName = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/ß/gu, "ss")
    .replace(/ς/gu, "σ")
    .normalize("NFKC")
    .replace(/[\p{White_Space}\p{Cc}]+/gu, " ")
    .trim();
