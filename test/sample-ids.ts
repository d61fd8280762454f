import { randomUUID } from "node:crypto";
import { insertInstanceAdmin } from "#db/queries/instance-admins.ts";
import { writeMemberPhone } from "#db/queries/member-phones.ts";
import { addMember } from "#db/queries/members.ts";
import { codeHashOf } from "#server/commands/my-phone.ts";
import { createPasswordReset } from "#server/commands/reset-password.ts";
import type { Tenant, TestApp } from "./app.ts";
import { buildOneOfEverything } from "./one-of-everything.ts";
import type { SampleIds } from "./route-samples.ts";

/** One of everything in a workspace, so that each route has a request that succeeds. */
export async function buildSampleIds(app: TestApp, tenant: Tenant): Promise<SampleIds> {
  const rows = await buildOneOfEverything(app.db.owner, tenant.workspaceId, tenant.ownerId);
  const { body } = await (await tenant.as("owner")).post("/api/invitations", { email: `${randomUUID()}@example.com`, role: "viewer" });
  const member = await app.signUp();
  await addMember(app.db.owner, { workspaceId: tenant.workspaceId, userId: member.userId, role: "viewer" });
  const instanceAdmin = await app.signUp();
  await makeInstanceAdmin(app, instanceAdmin.userId);
  const me = { workspaceId: tenant.workspaceId, userId: tenant.ownerId };
  await writeMemberPhone(app.db.owner, { ...me, phone: "+14155550123", codeHash: codeHashOf(me, "123456"), minutes: 10 });
  const reset = await createPasswordReset(app.db.owner, { userId: member.userId, createdBy: null, publicUrl: app.url, hours: 1 });
  return {
    ...rows,
    resetToken: new URL(reset.link).hash.slice(1),
    member: await tenant.userId("editor"),
    memberEmail: member.email,
    instanceAdmin: instanceAdmin.userId,
    session: randomUUID(),
    invitationToken: new URL(body.link).hash.slice(1),
  };
}

export const makeInstanceAdmin = (app: TestApp, userId: string): Promise<boolean> =>
  app.db.owner.transaction().execute((tx) => insertInstanceAdmin(tx, { userId, namedBy: null }));
