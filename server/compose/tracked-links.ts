import { createHmac } from "node:crypto";
import { shortCodeLength, trackingPaths } from "#contract/tracking-paths.ts";
import { trackingKeyOf } from "#db/link-keys.ts";
import type { TrackedLinks, TrackedMessage } from "#engine/messages/message-links.ts";
import { sealText, splitKey } from "./sealed-token.ts";

/** What the token of a tracked link says. `message` is null in a preview, which is not counted. */
type Tracked = { kind: "click"; message: TrackedMessage | null; target: string } | { kind: "open"; message: TrackedMessage | null };

export type ReadTracked = (token: string) => Promise<Tracked | undefined>;

/** What stands for a short link in a preview, as long as one. */
export const sampleCode = "Preview00000";

/** A target of 2,048 characters and the names of its message, as base64. */
const longestToken = 4_000;

/**
 * The target of a link in an e-mail is sealed into its token, together with the message: it leads there and nowhere else, also when the
 * database cannot be asked. Short links have a code instead, of which a row knows the rest (docs/decisions/0048-clicks-and-opens.md).
 */
export function createTrackedLinks(given: {
  linkKey: Buffer;
  urlOf(path: string): string | undefined;
  openToken(token: string, longest: number, keyOf: (linkKey: Buffer) => Buffer): Promise<string | undefined>;
}): { tracked(message: TrackedMessage | "sample"): TrackedLinks; readTracked: ReadTracked } {
  const key = trackingKeyOf(given.linkKey);
  const seal = splitKey(key);
  const shortKey = key.subarray(64);
  const origin = () => given.urlOf("");
  return {
    tracked(message) {
      const who = message === "sample" ? [] : [message.workspaceId, message.executionId, message.visit, message.channel];
      return {
        clickUrl: (target) => given.urlOf(trackingPaths.click + sealText(seal, JSON.stringify(["click", target, ...who]))),
        openUrl: () => given.urlOf(trackingPaths.open + sealText(seal, JSON.stringify(["open", "", ...who]))),
        shortCode: (target) => (message === "sample" ? sampleCode : codeOf(shortKey, [...who, target])),
        isOurs: (url) => {
          const ours = origin();
          return ours !== undefined && URL.canParse(ours) && new URL(ours).host === url.host;
        },
      };
    },
    async readTracked(token) {
      const text = await given.openToken(token, longestToken, trackingKeyOf);
      if (text === undefined) return undefined;
      const [kind, target, ...who] = JSON.parse(text) as ["click" | "open", string, ...unknown[]];
      const [workspaceId, executionId, visit, channel] = who as [string, string, number, TrackedMessage["channel"]];
      const message = who.length === 0 ? null : { workspaceId, executionId, visit, channel };
      return kind === "click" ? { kind, message, target } : { kind, message };
    },
  };
}

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** 71 bits of a MAC: nobody guesses one, and the same message has the same at each try. */
function codeOf(key: Buffer, of: readonly unknown[]): string {
  let rest = BigInt(`0x${createHmac("sha256", key).update(JSON.stringify(of)).digest("hex").slice(0, 32)}`);
  let code = "";
  for (let n = 0; n < shortCodeLength; n += 1) {
    code += digits[Number(rest % 62n)];
    rest /= 62n;
  }
  return code;
}
