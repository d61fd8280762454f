import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * Whether one of these tokens signed the call. Twilio signs the address as it called it, followed by every parameter of the
 * form in the order of the names. It has signed addresses with and without their port, so both are tried, as its package does.
 */
export function isSignedByTwilio(
  { url, params, signature }: { url: string; params: URLSearchParams; signature: string },
  tokens: readonly string[],
): boolean {
  const given = Buffer.from(signature, "base64");
  const text = paramsText(params);
  // No early end: how long this takes does not tell which token or address was meant.
  return [...spellings(url)]
    .flatMap((spelling) => tokens.map((token) => createHmac("sha1", token).update(`${spelling}${text}`, "utf8").digest()))
    .reduce((isValid, expected) => (given.length === expected.length && timingSafeEqual(given, expected)) || isValid, false);
}

/** A parameter that comes several times is signed once for each of its different values. */
function paramsText(params: URLSearchParams): string {
  // In one pass: anybody may call, and asking for each name anew takes time by the square of their number.
  const values = Map.groupBy(params, ([name]) => name);
  return [...values.keys()]
    .sort()
    .flatMap((name) => [...new Set(values.get(name)?.map(([, value]) => value))].sort().map((value) => `${name}${value}`))
    .join("");
}

function spellings(url: string): Set<string> {
  const [, start = "", host = "", port, rest = ""] = /^(https?:\/\/)(\[[^\]]*\]|[^/?#:]*)(:\d+)?(.*)$/.exec(url) ?? [];
  const usual = start === "https://" ? ":443" : ":80";
  return new Set([url, `${start}${host}${rest}`, `${start}${host}${port ?? usual}${rest}`]);
}
