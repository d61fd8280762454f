import { createHash } from "node:crypto";
import type { CreateSend } from "#contract/send-requests.ts";
import { canonicalJson } from "#engine/base/canonical-json.ts";

/**
 * What a request asks of a send beside its flow, contacts and values, as a hash: when it begins and ends, in what portions, what is to happen
 * with addresses that are shared. The same press carries the same, whatever a dialog has learnt meanwhile about forecasts and counts.
 */
export function askedOfSend({
  skipWaits,
  triggerData,
  start,
  drip,
  notLaterThan,
  oncePerAddress,
  undoSeconds,
  canary,
}: CreateSend): string {
  const asked = { skipWaits, triggerData, start, drip, notLaterThan, oncePerAddress, undoSeconds, canary };
  return createHash("sha256")
    .update(canonicalJson(asked) ?? "")
    .digest("base64url");
}
