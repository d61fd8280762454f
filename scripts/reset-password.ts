import { createDb } from "#db/client.ts";
import { findUserByEmail } from "#db/queries/people.ts";
import { createPasswordReset } from "#server/commands/reset-password.ts";
import { openDatabase } from "./open-database.ts";

// npm run reset-password -- <e-mail> prints a link by which that person chooses a new password. It is for the owner whom
// nobody else can help. DATABASE_URL names the database. Without it, the database is the one in .data/ (or --data <folder>).
const hours = 1;
const {
  given: email,
  url,
  close,
} = await openDatabase('Name the person by the e-mail address: "npm run reset-password -- you@example.com".');
const publicUrl = process.env.PUBLIC_URL ?? `http://localhost:${process.env.PORT ?? 4400}`;
const db = createDb(url, { applicationName: "sluice reset-password", maxConnections: 1 });
try {
  const person = await findUserByEmail(db, email);
  if (!person) {
    console.error(`Nobody signs in here with a password as ${email}.`);
    process.exitCode = 1;
  } else {
    const { link } = await createPasswordReset(db, { userId: person.id, createdBy: null, publicUrl, hours });
    console.log(`Within an hour, open this link and choose a new password for ${person.email}:\n\n  ${link}\n`);
    console.log(
      "It works once, and ends every session of this person. If Sluice is at another address, replace the beginning of the link.",
    );
  }
} finally {
  await db.destroy();
  await close();
}
