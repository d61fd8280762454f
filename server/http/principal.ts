import type { Request, Response } from "express";
import { type Role, roleCovers, type Scope } from "#contract/people.ts";
import type { RouteAuth } from "#contract/route.ts";
import { findLiveApiKey, touchApiKey } from "#db/queries/api-keys.ts";
import { findMembership, type Membership } from "#db/queries/members.ts";
import type { Resources } from "../compose/resources.ts";
import { parseApiKeyToken, secretMatches } from "./api-key-token.ts";
import { ApiError, forbidden, notFound, unauthenticated } from "./errors.ts";
import type { Principal } from "./handler.ts";
import type { Caller } from "./identity.ts";

/**
 * Identifies the caller; undefined if the request carries no credentials.
 * Credentials that are not valid are refused: a request that meant to be somebody must not go on as nobody. If there is
 * an Authorization header, the cookie is not read.
 */
export async function findPrincipal(resources: Resources, req: Request, res: Response): Promise<Principal | undefined> {
  if (req.headers.authorization !== undefined) return findBearer(resources, req.headers.authorization);
  const found = await resources.identity.findPerson(callerOf(res, req));
  if (!found) return undefined;
  for (const cookie of found.cookies) res.append("Set-Cookie", cookie);
  return { kind: "user", ...found.person };
}

export async function requirePrincipal(resources: Resources, req: Request, res: Response): Promise<Principal> {
  const principal = await findPrincipal(resources, req, res);
  if (!principal) throw unauthenticated();
  res.locals.principal = `${principal.kind}:${principal.userId}`;
  return principal;
}

/** @throws ApiError forbidden for a key that lacks one of these scopes; people are judged by their role */
export function requireScopes(principal: Principal, scopes: readonly Scope[]): void {
  for (const scope of scopes)
    if (principal.kind === "key" && !holdsScope(principal.scopes, scope)) throw forbidden(`This API key lacks the scope ${scope}.`);
}

/** Finds the caller's workspace and role and checks them against what the route requires. */
export async function requireMembership(
  { ownerDb }: Resources,
  principal: Principal,
  auth: Extract<RouteAuth, { kind: "member" }>,
  workspaceAskedFor: string | undefined,
  /** Learns the workspace before the role is judged, so that a refusal can be recorded there. */
  onFound?: (workspaceId: string) => void,
): Promise<Membership> {
  if (principal.kind === "key") onFound?.(principal.workspaceId);
  if (principal.kind === "key" && auth.scope === null) {
    throw forbidden("API keys cannot do this: sign in as a member.");
  }
  if (auth.scope !== null) requireScopes(principal, [auth.scope]);
  if (principal.kind === "key" && workspaceAskedFor !== undefined && workspaceAskedFor !== principal.workspaceId) throw notFound();
  const workspaceId = principal.kind === "key" ? principal.workspaceId : workspaceAskedFor;
  const membership = await findMembership(ownerDb, { userId: principal.userId, workspaceId });
  if (!membership) throw notFound();
  onFound?.(membership.workspaceId);
  if (!roleCovers(membership.role, auth.role)) {
    throw forbidden(`This needs the role ${auth.role}. Your role in this workspace is ${membership.role}.`);
  }
  return membership;
}

/**
 * Whether a request that came in some time ago would be let in now: the same credentials, the same person, the same
 * workspace and role. A session that is due for renewal is not renewed here, because the answer's headers have left.
 */
export async function isStillAllowed(
  resources: Resources,
  before: { principal: Principal; auth: Extract<RouteAuth, { kind: "member" }>; workspaceId: string },
  req: Request,
  res: Response,
): Promise<boolean> {
  try {
    const { authorization } = req.headers;
    const principal: Principal | undefined =
      authorization === undefined ? await findBySession(resources, req, res) : await findBearer(resources, authorization);
    if (principal?.userId !== before.principal.userId) return false;
    await requireMembership(resources, principal, before.auth, before.workspaceId);
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status < 500) return false;
    throw error;
  }
}

async function findBySession(resources: Resources, req: Request, res: Response): Promise<Principal | undefined> {
  const found = await resources.identity.findPerson(callerOf(res, req));
  return found && { kind: "user", ...found.person };
}

/** A key with the scope `admin` may do everything in its workspace that any key may do. */
export const holdsScope = (held: readonly Scope[], needed: Scope): boolean => held.includes(needed) || held.includes("admin");

/** The role of the key's service member. With it the database's policies allow what the scopes promise and no more. */
export function roleForScopes(scopes: readonly Scope[]): Role {
  if (scopes.includes("admin")) return "admin";
  return scopes.some((scope) => scope.endsWith(":write") || scope === "flows:send" || scope === "secrets:use") ? "editor" : "viewer";
}

export function callerOf(res: Response, req: Request): Caller {
  return { address: res.locals.clientAddress as string, userAgent: req.headers["user-agent"], cookie: req.headers.cookie };
}

/** Reads an API key, or a person's access token where people sign in with one. No access token can look like a key. */
async function findBearer(resources: Resources, header: string): Promise<Principal> {
  const [, presented] = /^Bearer +(\S+) *$/i.exec(header) ?? [];
  const key = presented === undefined ? undefined : parseApiKeyToken(presented);
  if (key) return findKeyHolder(resources, key);
  const { findBearer: findPerson } = resources.identity;
  if (presented !== undefined && findPerson) return { kind: "user", ...(await findPerson(presented)) };
  throw unauthenticated(
    findPerson
      ? "Write the Authorization header as Bearer, followed by an API key (sk_live_…) or by an access token of this instance's Supabase project."
      : "Write the Authorization header as Bearer sk_live_…, with an API key of this instance.",
  );
}

async function findKeyHolder({ ownerDb }: Resources, token: { id: string; secret: string }): Promise<Principal> {
  const key = await findLiveApiKey(ownerDb, token.id);
  if (!secretMatches(token.secret, key?.secretHash) || !key) throw unauthenticated("This API key is unknown, expired or revoked.");
  if (key.isStale) await touchApiKey(ownerDb, key.id);
  const { id: keyId, memberId: userId, madeBy, name, workspaceId, scopes } = key;
  return { kind: "key", userId, madeBy, name, keyId, workspaceId, scopes };
}

/** The person who answers for what the caller does. Keys are many, and each of them is its maker's. */
export const personBehind = (principal: Principal): string =>
  principal.kind === "key" ? (principal.madeBy ?? principal.userId) : principal.userId;

/** The caller as the engine writes it down. */
export const actorOf = (principal: Principal) => ({ id: principal.userId, name: actorNameOf(principal) });

/** The name under which the audit log knows the caller. */
export const actorNameOf = ({ kind, name }: Principal): string => (kind === "key" ? `API key ${name}` : name);
