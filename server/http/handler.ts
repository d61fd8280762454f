import type { Request, Response } from "express";
import type { z } from "zod";
import type { Role, Scope } from "#contract/people.ts";
import type { Route } from "#contract/route.ts";
import type { RouteId, Routes } from "#contract/routes.ts";
import type { Tx } from "#db/client.ts";
import type { Inbound } from "../compose/provider-directory.ts";
import type { Resources } from "../compose/resources.ts";
import type { RepeatableId } from "./idempotency.ts";
import type { Caller } from "./identity.ts";

/** The caller: a signed-in person or an API key. Row level security sees `userId` as auth.uid(). */
export type Principal =
  | { kind: "user"; userId: string; name: string; email: string; sessionId: string }
  | { kind: "key"; userId: string; madeBy: string | null; name: string; keyId: string; workspaceId: string; scopes: readonly Scope[] };

interface Call<R extends Route> {
  params: z.output<R["params"]>;
  query: z.output<R["query"]>;
  body: z.output<R["body"]>;
  resources: Resources;
  req: Request;
  res: Response;
  /** Aborts when the client goes away. */
  signal: AbortSignal;
}

/** A call of a member. The workspace has been checked already. A handler has no other way to learn it. */
export interface MemberCall<R extends Route> extends Call<R> {
  principal: Principal;
  workspaceId: string;
  role: Role;
  /**
   * For `json` routes: one transaction of the caller under row level security. It is read-only for GET and commits when
   * the handler returns. Streaming routes (sse, csv, upload) and those that wait outside must not keep a transaction open
   * and use `inTransaction`.
   */
  db: Tx;
  /** The bytes of the part `file`, for `upload` routes; empty for others. */
  file: Uint8Array;
  inTransaction<T>(fn: (db: Tx) => Promise<T>): Promise<T>;
  /** Writes the line of the audit log in this transaction, with what it changes, and not after the handler. */
  audit(db: Tx): Promise<void>;
  /**
   * The Idempotency-Key of the request, if one was sent. A repeated request is answered before the handler is called.
   */
  idempotencyKey: string | undefined;
  /**
   * An id for the row that this request creates. It is the same one whenever the same caller repeats the request with
   * the same Idempotency-Key, and undefined without a key. It serves effects that are committed outside of `db`: the
   * stored answer does not protect them if the process dies in between.
   */
  repeatableId: RepeatableId | undefined;
  /** Answers with 202 instead of the route's status, because the work goes on after the answer. */
  accepted(): void;
  /**
   * Adds to the line of the audit log which row was concerned and what changed. Personal data and secrets must not go
   * in.
   */
  note(entry: {
    isWritten?: boolean;
    subjectId?: string;
    subjectName?: string;
    details?: Record<string, unknown>;
    /** The contact whom the answer tells about, where it does not name them itself: an answer that is kept goes with them. */
    contactId?: string;
  }): void;
}

/** A call of a signed-in person, or of an instance admin where the route asks for one. */
export interface UserCall<R extends Route> extends Call<R> {
  principal: Extract<Principal, { kind: "user" }>;
  caller: Caller;
}

export interface PublicCall<R extends Route> extends Call<R> {
  /**
   * Finds the caller, if there is one. Public routes call it only where they need it, so that a health check needs no
   * database.
   */
  findPrincipal(): Promise<Principal | undefined>;
  caller: Caller;
}

/** A verified call of a provider. The workspace is the one whose account verified it. */
export interface SignedCall<R extends Route> extends Call<R> {
  inbound: Inbound;
}

type CallOf<R extends Route> = R["auth"] extends { kind: "public" }
  ? PublicCall<R>
  : R["auth"] extends { kind: "user" | "instance" }
    ? UserCall<R>
    : R["auth"] extends { kind: "signature" }
      ? SignedCall<R>
      : MemberCall<R>;

/** `json`, `upload` and `raw` handlers return the answer. `sse`, `csv` and `page` handlers write to `res` themselves. */
export type Handler<R extends Route> = (call: CallOf<R>) => Promise<z.input<R["response"]> | undefined>;

/** One handler for each route of the table. The program does not compile without one of them. */
export type Handlers = { [Id in RouteId]: Handler<Routes[Id]> };
