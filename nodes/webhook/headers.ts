const secretField = /\{\{\s*secrets\.([a-zA-Z][a-zA-Z0-9_]{0,59})\s*\}\}/g;

export type HeaderPiece = { text: string } | { secret: string };

/** Splits a value into text with ordinary merge fields and names of secrets. */
export function splitHeader(value: string): HeaderPiece[] {
  const pieces: HeaderPiece[] = [];
  let end = 0;
  for (const match of value.matchAll(secretField)) {
    if (match.index > end) pieces.push({ text: value.slice(end, match.index) });
    pieces.push({ secret: match[1] as string });
    end = match.index + match[0].length;
  }
  if (end < value.length) pieces.push({ text: value.slice(end) });
  return pieces;
}

export const headerValueProblem = (value: string): string | undefined =>
  /^[\x20-\x7e\u00a0-\u00ff]*$/.test(value) ? undefined : "A header holds letters, digits and signs on one line";

/** Authors cannot set headers of the connection, headers that could smuggle in a second request, and our own. */
const reserved = new Set([
  ...["host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer", "expect"],
  ...["accept-encoding", "content-encoding", "cookie", "idempotency-key", "proxy-authorization", "proxy-connection", "via", "forwarded"],
]);

export function headerNameProblem(name: string): string | undefined {
  if (!/^[a-zA-Z0-9!#$%&'*+.^_`|~-]{1,100}$/.test(name)) return "The name of a header is made of letters, digits and hyphens";
  return reserved.has(name.toLowerCase()) ? `The header ${name} is set by Sluice or the connection` : undefined;
}
