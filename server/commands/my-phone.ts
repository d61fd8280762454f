import { createHmac, randomInt } from "node:crypto";
import { type MyPhone, phoneCode } from "#contract/my-phone.ts";
import { reasons } from "#contract/reasons.ts";
import type { Db } from "#db/client.ts";
import { findMemberPhone, proveMemberPhone, writeMemberPhone } from "#db/queries/member-phones.ts";
import { consumeAttempt } from "#db/queries/rate-limits.ts";
import type { Engine } from "#engine/engine-api.ts";
import type { ProviderDirectory } from "../compose/provider-directory.ts";
import { invalid, refused, tooManyRequests } from "../http/errors.ts";
import { sendTestMessage } from "./send-test-message.ts";
import { sendablePhone } from "./sendable-phone.ts";

interface OfMember {
  workspaceId: string;
  userId: string;
}

export async function readMyPhone(ownerDb: Db, me: OfMember): Promise<MyPhone> {
  return (await findMemberPhone(ownerDb, me)) ?? { phone: null, isProven: false };
}

interface SavePhone {
  ownerDb: Db;
  providers: ProviderDirectory;
  engine: Pick<Engine, "judgeAddress">;
  workspace: { id: string; name: string; country: string; smsCountries: readonly string[] };
  userId: string;
  typed: string;
}

/** Codes that a member may ask for in so many seconds, and all members of a workspace together. */
const ofMember = { window: 600, max: 3 };
const ofWorkspace = { window: 3600, max: 20 };

/**
 * Keeps the number of a member and sends a code to it. The text is always the same, so it is of no use to whoever gives the
 * number of somebody else.
 * @throws ApiError `invalid_request` for a number to which nothing may be sent, `too_many_requests`, or what the provider says
 */
export async function saveMyPhone({ ownerDb, providers, engine, workspace, userId, typed }: SavePhone): Promise<MyPhone> {
  const phone = sendablePhone(typed, workspace, "phone");
  const refusal = await engine.judgeAddress({ workspaceId: workspace.id, channel: "sms", to: phone });
  if (refusal) throw invalid([{ path: "phone", message: `This number gets no messages of this workspace: ${reasons[refusal].text}` }]);
  for (const limit of [
    { key: `phone-code ${userId}`, ...ofMember },
    { key: `phone-code ${workspace.id}`, ...ofWorkspace },
  ]) {
    const { allowed, retryAfter } = await consumeAttempt(ownerDb, limit);
    if (!allowed) throw tooManyRequests(retryAfter, "Several codes were sent just now. Wait before you ask for another one.");
  }
  const code = String(randomInt(10 ** phoneCode.digits)).padStart(phoneCode.digits, "0");
  const me = { workspaceId: workspace.id, userId };
  const provider = await providers.providerFor(workspace.id, "sms", { lookNow: true });
  await writeMemberPhone(ownerDb, { ...me, phone, codeHash: codeHashOf(me, code), minutes: phoneCode.minutes });
  const text = `${code} is your code for test messages of ${workspace.name}. Nobody will ask you for it.`;
  await sendTestMessage(ownerDb, provider, { workspaceId: workspace.id, channel: "sms", to: phone, subject: null, text });
  return { phone, isProven: false };
}

/** @throws ApiError `invalid_request` where the code is wrong or too late */
export async function proveMyPhone(ownerDb: Db, me: OfMember, code: string): Promise<MyPhone> {
  const outcome = await proveMemberPhone(ownerDb, { ...me, codeHash: codeHashOf(me, code), tries: phoneCode.tries });
  const path = "code";
  if (outcome === "wrong") throw invalid([{ path, message: "This is not the code that was sent. Look again, or ask for another one" }]);
  if (outcome === "too_late") throw invalid([{ path, message: "This code counts no longer. Ask for another one" }]);
  if (outcome === "none" && !(await readMyPhone(ownerDb, me)).isProven) {
    throw invalid([{ path, message: "No code was sent. Give the number of your telephone first" }]);
  }
  return readMyPhone(ownerDb, me);
}

/**
 * The number of who is signed in, to which text messages may be sent.
 * @throws ApiError provider_refused where there is none
 */
export async function requireMyPhone(ownerDb: Db, me: OfMember): Promise<string> {
  const found = await findMemberPhone(ownerDb, me);
  if (!found?.isProven) throw refused("provider_refused", "Give the number of your telephone first, and the code that is sent to it.");
  return found.phone;
}

/** A code has few digits, so its hash hides it only from who glances at the row; it counts for minutes and for a few tries. */
export const codeHashOf = ({ workspaceId, userId }: OfMember, code: string): Buffer =>
  createHmac("sha256", `${workspaceId} ${userId}`).update(code).digest();
