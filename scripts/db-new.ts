import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

// npm run db:new <name> makes an empty migration with the next number.
const folder = join(import.meta.dirname, "..", "supabase", "migrations");
const name = process.argv
  .slice(2)
  .join("_")
  .toLowerCase()
  .replaceAll(/[^a-z0-9]+/g, "_")
  .replaceAll(/^_+|_+$/g, "");
if (!name) {
  console.error("Give the migration a name: npm run db:new add_contact_language");
  process.exit(1);
}

const now = new Date().toISOString().replaceAll(/\D/g, "").slice(0, 14);
const last = readdirSync(folder).sort().at(-1)?.slice(0, 14) ?? "0";
// If this machine's clock is behind, or the clock of the author of the last migration was ahead, the new number must
// still come after those that are applied.
const version = now > last ? now : String(BigInt(last) + 1n);
const file = join(folder, `${version}_${name}.sql`);
writeFileSync(file, "", { flag: "wx" });
console.log(file);
