import { type Role, roleCovers } from "#contract/people.ts";
import type { Db } from "#db/client.ts";
import { findMember } from "#db/queries/members.ts";
import type { Asker } from "#engine/send-api.ts";
import type { Principal } from "../http/handler.ts";
import { actorNameOf, personBehind } from "../http/principal.ts";

/**
 * Who makes a send, as the rules of approval ask. An API key stands for its maker: it may pass by no rule by which its maker may not, and
 * one whose maker is no member any more is no admin, whatever its scopes are.
 */
export async function askerOf(
  db: Db,
  { principal, workspaceId, role }: { principal: Principal; workspaceId: string; role: Role },
): Promise<Asker> {
  const personId = personBehind(principal);
  const own = principal.kind === "key" ? (await findMember(db, { workspaceId, userId: personId }))?.role : role;
  return { personId, isAdmin: own !== undefined && roleCovers(own, "admin"), name: actorNameOf(principal) };
}
