import { z } from "zod";
import type { ResultFact } from "#contract/node-result.ts";
import { missingFact, rehearsedFact, textFact } from "../results/facts.ts";

/** The keys that describe the call. The author of a flow cannot give these names to values of the answer. */
const own = {
  status: z.number().int(),
  attempts: z.number().int(),
  duration_ms: z.number(),
  /** The beginning of the answer. */
  answer: z.string(),
};
export const ownFields: readonly string[] = Object.keys(own);

/** A value that was read from the answer, or what the engine adds; the author may have used its name as well. */
const Picked = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);

/** Beside its own keys the result holds those that the author chose, so what they hold counts as personal. */
export const webhookOutput = z.strictObject(own).partial().catchall(Picked);

export function describeWebhookResult(result: Partial<z.output<typeof webhookOutput>>): ResultFact[] {
  const { attempts, duration_ms, status, answer, fields, rehearsed, ...picked } = result;
  return [
    // A single call is not worth a line.
    ...textFact("Calls", attempts !== undefined && attempts > 1 ? attempts : undefined),
    ...(duration_ms === undefined ? [] : [{ kind: "duration", label: "Took", value: duration_ms } as const]),
    ...textFact("Answer", status === undefined ? undefined : `HTTP ${status}`),
    ...(Array.isArray(fields) ? missingFact(fields) : textFact("fields", plain(fields))),
    ...(rehearsed === true ? rehearsedFact(true) : textFact("rehearsed", plain(rehearsed))),
    ...Object.entries(picked).flatMap(([name, value]) => textFact(name, plain(value))),
    ...(answer ? [{ kind: "quote", label: "The answer began with", value: answer } as const] : []),
  ];
}

function plain(value: z.output<typeof Picked> | undefined): string | undefined {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return Array.isArray(value) ? value.join(", ") : value?.toString();
}
