import { z } from "zod";
import { Uuid } from "./pagination.ts";
import type { Role, Scope } from "./people.ts";
import type { RateClass } from "./rates.ts";

/**
 * Who may call a route:
 * - public: everybody
 * - user: a signed-in person, whatever the workspace
 * - instance: a signed-in person who is an admin of the instance. No role in a workspace gives this, and no API key has it.
 * - member: a member of the workspace with at least `role`, signed in or with an API key that has `scope`
 *   (`scope: null` refuses API keys)
 * - signature: a provider whose secret signed the request. The path names the account by its parameters `workspaceId`
 *   and `channel`.
 */
export type RouteAuth =
  | { kind: "public" }
  | { kind: "user" }
  | { kind: "instance" }
  | { kind: "member"; role: Role; scope: Scope | null }
  | { kind: "signature" };

export const anybody = { kind: "public" } as const;
export const signedIn = { kind: "user" } as const;
export const instanceAdmin = { kind: "instance" } as const;
export const member = (role: Role, scope: Scope | null) => ({ kind: "member", role, scope }) as const;

/** The parameters of a path that ends in `:id`. */
export const byId = z.strictObject({ id: Uuid });
/** The answer of a route that only says that it worked. */
export const done = z.object({ success: z.literal(true) });

/**
 * One endpoint. `json` routes answer with a body that `response` checks. `sse` routes stream events of the shape
 * `response`. `csv` and `zip` routes send a file. `upload` routes take a form
 * of two parts, `settings` (JSON that `body` checks) and `file`, and answer with JSON. `page` routes answer
 * with HTML. `raw` routes keep the bytes of the body for the signature that covers them.
 */
export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
  Auth extends RouteAuth = RouteAuth,
> {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  tag: string;
  summary: string;
  description?: string;
  auth: Auth;
  kind: "json" | "sse" | "csv" | "zip" | "upload" | "page" | "raw";
  params: Params;
  query: Query;
  body: Body;
  response: Response;
  /** The status of a success; 200 if left out. */
  status: number;
  /** The largest body that is accepted, bytes. */
  bodyLimit: number;
  /** How often it may be called; see contract/rates.ts. */
  rate: RateClass;
  /**
   * Its statements may read all contacts or executions of a workspace. A workspace runs only a few of these at a time, and all
   * workspaces together too, so that connections and cores are left for the others. `by_filter`: only where it chooses contacts by a
   * filter. `walks`: it also walks contacts through flows, in the process that answers everybody.
   */
  heavy: boolean | "by_filter" | "walks";
  /**
   * Its handler waits for something other than the database: an address that it calls, or its turn. It opens its transactions
   * itself and holds none while it waits, because the connections are shared by all workspaces.
   */
  waitsOutside: boolean;
  /** The action that a success writes to the audit log. Every route that changes something has one. */
  audit: string | null;
  /** A POST that only asks, because its question does not fit in an address. It runs with the rights of a reader. */
  changesNothing: boolean;
  /** A success may end somebody's access, so the open streams of the workspace, or of the person, are asked about again. */
  endsAccess: boolean;
  /** It honours If-Match. Every other route refuses that header, because who sends it relies on what it promises. */
  knowsIfMatch: boolean;
}

export const none = z.undefined();
const noFields = z.strictObject({});
type Nothing = typeof none;
type NoFields = typeof noFields;

type Given<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType, A extends RouteAuth> = Pick<
  Route,
  "method" | "path" | "tag" | "summary"
> & {
  auth: A;
  description?: string;
  kind?: Route["kind"];
  params?: P;
  query?: Q;
  body?: B;
  response: R;
  status?: number;
  bodyLimit?: number;
  rate?: RateClass;
  heavy?: Route["heavy"];
  waitsOutside?: true;
  audit?: string;
  changesNothing?: true;
  endsAccess?: boolean;
  knowsIfMatch?: true;
};

/** Fills in the defaults. */
export const defineRoute = <
  R extends z.ZodType,
  A extends RouteAuth,
  P extends z.ZodType = NoFields,
  Q extends z.ZodType = NoFields,
  B extends z.ZodType = Nothing,
>(
  given: Given<P, Q, B, R, A>,
): Route<P, Q, B, R, A> => ({
  kind: "json",
  status: 200,
  bodyLimit: 256 * 1024,
  heavy: false,
  rate: given.auth.kind === "signature" ? "provider" : given.method === "GET" ? "read" : "write",
  ...given,
  waitsOutside: given.waitsOutside ?? false,
  audit: given.audit ?? null,
  changesNothing: given.changesNothing ?? false,
  endsAccess: given.endsAccess ?? false,
  knowsIfMatch: given.knowsIfMatch ?? false,
  params: (given.params ?? noFields) as P,
  query: (given.query ?? noFields) as Q,
  body: (given.body ?? none) as B,
});
