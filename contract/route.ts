import { z } from "zod";
import { Uuid } from "./pagination.ts";
import type { Role, Scope } from "./people.ts";

/**
 * Who may call a route.
 *  public: anybody;  user: a signed-in person, whatever the workspace;
 *  member: a member of the workspace with at least `role`, signed in or with an API key that carries `scope`
 *  (`scope: null`: persons only, an API key is refused);
 *  signature: a provider whose secret signed the request. The path names the account by its parameters `workspaceId`
 *  and `channel`.
 */
export type RouteAuth = { kind: "public" } | { kind: "user" } | { kind: "member"; role: Role; scope: Scope | null } | { kind: "signature" };

export const anybody = { kind: "public" } as const;
export const signedIn = { kind: "user" } as const;
export const member = (role: Role, scope: Scope | null) => ({ kind: "member", role, scope }) as const;

/** The parameters of a path that ends in `:id`. */
export const byId = z.strictObject({ id: Uuid });
/** The answer of a route that only says that it worked. */
export const done = z.object({ success: z.literal(true) });

/**
 * One endpoint. `json` routes answer a body checked by `response`; `sse` routes stream events of shape `response`;
 * `csv` routes stream a file down, `upload` routes take one as text/csv and answer JSON; `page` routes answer HTML;
 * `raw` routes keep the bytes of the body for the signature that covers them.
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
  kind: "json" | "sse" | "csv" | "upload" | "page" | "raw";
  params: Params;
  query: Query;
  body: Body;
  response: Response;
  /** Status of a success; 200 unless told. */
  status: number;
  /** The largest body accepted, bytes. */
  bodyLimit: number;
  /** The word written to the audit log when it succeeds; every route that changes something has one. */
  audit: string | null;
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
  audit?: string;
};

/** Fills in what most routes share. */
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
  ...given,
  audit: given.audit ?? null,
  params: (given.params ?? noFields) as P,
  query: (given.query ?? noFields) as Q,
  body: (given.body ?? none) as B,
});
