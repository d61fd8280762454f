import type { CanaryRequest } from "#contract/canary.ts";
import type { CanaryTerms } from "#contract/send-canary.ts";
import type { Tx } from "#db/client.ts";
import { findWorkspaceRules } from "#db/queries/sending-rules.ts";

/** What a send settles that is to begin with a few: what was asked for, and the rules of its workspace for all else. */
export async function canaryTerms(db: Tx, workspaceId: string, asked: CanaryRequest | undefined): Promise<CanaryTerms | undefined> {
  if (asked === undefined) return undefined;
  const { canary: rules } = (await findWorkspaceRules(db, workspaceId)).rules;
  return {
    contacts: asked.percent === undefined ? (asked.contacts ?? rules.contacts) : null,
    percent: asked.percent ?? null,
    minutes: asked.minutes ?? rules.minutes,
    failurePercent: rules.failurePercent,
    optOutPercent: rules.optOutPercent,
  };
}
