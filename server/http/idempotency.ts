import { createHash, createHmac, hkdfSync } from "node:crypto";
import type { Request } from "express";
import { z } from "zod";
import type { Tx } from "#db/client.ts";
import {
  type IdempotencyPlace,
  idempotentAnswerPlace,
  releaseIdempotencyKey,
  reserveIdempotencyKey,
  storeIdempotentAnswer,
} from "#db/queries/idempotency-keys.ts";
import { createSecretBox, type SecretBox } from "#db/secret-box.ts";
import { canonicalJson } from "#engine/base/canonical-json.ts";
import { ApiError, invalid } from "./errors.ts";
import type { ParsedRequest } from "./parse-request.ts";

const Key = z.string().regex(/^[\x21-\x7e]{1,255}$/);

/** What two requests with the same key must have in common. `file`: the hash of one that was uploaded. */
type Repeated = ParsedRequest & { file?: string };

export interface Answer {
  status: number;
  body: unknown;
  replayed: boolean;
}

/** `contactId`: the contact whom it tells about, where the answer itself does not name them by `contactId` or `id`. */
interface NewAnswer {
  status: number;
  body: unknown;
  contactId?: string | undefined;
}

export interface Idempotency {
  repeatableIdFor(place: IdempotencyPlace): RepeatableId;
  /**
   * Runs `work` unless this request was answered before. The reservation of the key, the effect and the stored answer
   * are one transaction, so a crash leaves all of them or none. Refusals are not stored: they changed nothing, and the
   * same key may be tried again once the reason is gone.
   */
  once(tx: Tx, place: IdempotencyPlace, request: Repeated, work: () => Promise<NewAnswer>): Promise<Answer>;
  /**
   * Takes the key for a request that is answered between two transactions: once this one has committed, the same request is told
   * that the first is being answered. Returns the answer where there is one already.
   */
  begin(tx: Tx, place: IdempotencyPlace, request: Repeated): Promise<Answer | undefined>;
  /** Stores the answer to a request that was begun. */
  finish(tx: Tx, place: IdempotencyPlace, answer: NewAnswer): Promise<void>;
  /** Forgets a request that was begun and refused: it changed nothing, and may be tried again. */
  release(tx: Tx, place: IdempotencyPlace): Promise<void>;
}

export function createIdempotency(masterKey: Buffer, ...previousKeys: Buffer[]): Idempotency {
  const box = createSecretBox(masterKey, ...previousKeys);
  return {
    repeatableIdFor: createRepeatableIds(masterKey),
    async once(tx, place, request, work) {
      const before = await begin(tx, place, request);
      if (before) return before;
      const answer = await work();
      await finish(tx, place, answer);
      return { status: answer.status, body: answer.body, replayed: false };
    },
    begin,
    finish,
    release: releaseIdempotencyKey,
  };

  async function begin(tx: Tx, place: IdempotencyPlace, request: Repeated): Promise<Answer | undefined> {
    const requestHash = hashRequest(request);
    const reservation = await reserveIdempotencyKey(tx, place, requestHash);
    if (reservation.state === "reserved") return undefined;
    if (reservation.state === "in_progress") {
      throw new ApiError("request_in_progress", "The first request with this Idempotency-Key is still being answered.", {
        retryAfter: 1,
      });
    }
    if (reservation.requestHash !== requestHash) {
      throw new ApiError("idempotency_key_reused", "This Idempotency-Key was used for a different request. Use a new key.");
    }
    if (reservation.response === null && reservation.statusCode === 404) {
      throw new ApiError("contact_not_found", "This request was answered before, and its contact was deleted since.");
    }
    return { status: reservation.statusCode, body: open(box, place, reservation.response), replayed: true };
  }

  async function finish(tx: Tx, place: IdempotencyPlace, { status, body, contactId }: NewAnswer): Promise<void> {
    const response = box.seal(idempotentAnswerPlace(place), JSON.stringify(body));
    await storeIdempotentAnswer(tx, place, { statusCode: status, response, subjectId: contactId ?? subjectOf(body) });
  }
}

export function readIdempotencyKey(req: Request): string | undefined {
  const given = req.get("idempotency-key");
  if (given === undefined || req.method !== "POST") return undefined;
  if (Key.safeParse(given).success) return given;
  throw invalid([{ path: "Idempotency-Key", message: "1 to 255 visible ASCII characters are needed" }]);
}

export interface RepeatableId {
  id: string;
  /** The id that versions before made for the same request. Where the caller's workspace has a row with it, it is that row. */
  earlier: string;
}

/**
 * Makes a uuid from the caller and the key. A repeated request gets the same one. It is made with a key of the instance:
 * from the parts alone, which others may know, nobody can make it and take it before.
 */
function createRepeatableIds(masterKey: Buffer): (place: IdempotencyPlace) => RepeatableId {
  const key = Buffer.from(hkdfSync("sha256", masterKey, "", "sluice repeatable ids v1", 32));
  return (place) => {
    const parts = JSON.stringify(["repeatable id", ...Object.values(place)]);
    return {
      id: toUuid(createHmac("sha256", key).update(parts).digest()),
      earlier: toUuid(createHash("sha256").update(parts).digest()),
    };
  };
}

function toUuid(hash: Buffer): string {
  const bytes = hash.subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80; // version 8: made by a rule of our own
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The contact or other thing that an answer is about. When a contact is deleted, the answers about it go as well. */
function subjectOf(body: unknown): string | null {
  const { contactId, id } = (body ?? {}) as { contactId?: unknown; id?: unknown };
  const subject = contactId ?? id;
  return typeof subject === "string" ? subject : null;
}

function open(box: SecretBox, place: IdempotencyPlace, response: string | null): unknown {
  return response === null ? undefined : JSON.parse(box.open(idempotentAnswerPlace(place), response));
}

/** The order in which a client writes the properties of its JSON does not matter. */
function hashRequest(request: Repeated): string {
  return createHash("sha256")
    .update(canonicalJson(request) ?? "")
    .digest("base64url");
}
