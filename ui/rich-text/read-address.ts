/** The address of a link or a picture as it is typed: with its kind where that was left out, or what is wrong with it. */
export function readAddress(typed: string, of: "link" | "picture"): { address: string } | { problem: string } {
  const text = typed.trim();
  if (text === "") return { problem: of === "link" ? "Where the link leads is missing" : "Where the picture lies is missing" };
  // What a field holds is known only when the message is sent.
  if (text.startsWith("{{")) return { address: text };
  const kind = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  const kinds = of === "link" ? ["http", "https", "mailto", "tel", "sms"] : ["http", "https"];
  // "x.example:8080" has no kind but a port.
  if (kind !== undefined && !/^[^/?#]+:\d/.test(text))
    return kinds.includes(kind) ? { address: text } : { problem: `An address that begins with “${kind}:” cannot be sent` };
  if (of === "link" && /^[^\s/]+@[^\s/]+$/.test(text)) return { address: `mailto:${text}` };
  if (!/^[^\s/]*\.[^\s]+$|^localhost\b/.test(text)) return { problem: "This is no address. It begins with https://" };
  return { address: `https://${text}` };
}
