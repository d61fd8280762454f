import { parseArgs } from "node:util";
import { createDb } from "#db/client.ts";
import { findInsiderByEmail, insertInstanceAdmin, insertInstanceEntry } from "#db/queries/instance-admins.ts";

// npm run instance-admin -- --add ana@example.com makes a member an admin of the instance. It is for operators of an
// instance whose admins are gone, or can no longer sign in because the way of signing in has changed.

const { values } = parseArgs({ options: { add: { type: "string" } } });
const url = process.env.DATABASE_URL;
if (!url || !values.add) {
  console.error("Use: DATABASE_URL=… npm run instance-admin -- --add ana@example.com, with the address of the database, as the owner.");
  process.exit(2);
}
const email = values.add;
const kind = process.env.SUPABASE_URL ? "supabase" : "password";
const db = createDb(url, { applicationName: "sluice instance admin", maxConnections: 1 });
try {
  const person = await findInsiderByEmail(db, { email, kind });
  if (!person) {
    console.error(`Nobody in a workspace of this instance signs in as ${email}.`);
    process.exitCode = 1;
  } else {
    const added = await db.transaction().execute(async (tx) => {
      const isNew = await insertInstanceAdmin(tx, { userId: person.id, namedBy: null });
      if (isNew)
        await insertInstanceEntry(tx, { actorId: null, actorName: "operator", action: "instance.add_admin", subjectId: person.id });
      return isNew;
    });
    console.log(added ? `${email} is an instance admin now.` : `${email} is an instance admin already.`);
  }
} finally {
  await db.destroy();
}
