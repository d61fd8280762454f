import { RestoreFailure, restore } from "#db/backup/restore.ts";
import { openDatabase } from "./open-database.ts";

// npm run restore -- <file> fills an empty database from a backup. Nothing is sent from it until an owner allows it in
// the app.
const { given: file, url, close } = await openDatabase('Name the file: "npm run restore -- sluice.backup".');
try {
  const { rows } = await restore(url, file);
  console.log(`${rows} rows were restored. Start Sluice on it; sending is held until an owner confirms it there.`);
} catch (error) {
  if (!(error instanceof RestoreFailure)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await close();
}
