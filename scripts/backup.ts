import { backUp } from "#db/backup/backup.ts";
import { openDatabase } from "./open-database.ts";

// npm run backup -- <file> writes everything of an instance into one file while the instance runs. DATABASE_URL names
// the database. Without it, the database is the one in .data/ (or --data <folder>).
const { given: file, url, close } = await openDatabase('Name the file: "npm run backup -- sluice.backup".');
try {
  const { tables, rows } = await backUp(url, file);
  console.log(
    `${rows} rows of ${tables} tables are in ${file}. Keep the MASTER_KEY (or secrets.json) with it, apart: provider secrets need it.`,
  );
} finally {
  await close();
}
