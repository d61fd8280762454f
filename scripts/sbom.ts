import { readFileSync } from "node:fs";
import { join } from "node:path";

// npm run sbom prints the packages that run in production as CycloneDX. `npm sbom --omit dev` leaves out packages that a
// development tool needs too (zod, nodemailer), so the list is read from the lock file, which says for each package.

interface LockEntry {
  version: string;
  license?: string;
  integrity?: string;
  dev?: boolean;
  devOptional?: boolean;
}

const read = (file: string) => JSON.parse(readFileSync(join(import.meta.dirname, "..", file), "utf8"));
const { version } = read("package.json") as { version: string };
const lock = read("package-lock.json") as { packages: Record<string, LockEntry> };

const components = Object.entries(lock.packages)
  .filter(([path, { dev, devOptional }]) => path !== "" && !dev && !devOptional)
  .map(([path, entry]) => {
    const name = path.split("node_modules/").at(-1) as string;
    const purl = `pkg:npm/${name.replace("@", "%40")}@${entry.version}`;
    const [algorithm, hash] = entry.integrity?.split("-", 2) ?? [];
    return {
      type: "library",
      "bom-ref": path,
      name,
      version: entry.version,
      purl,
      licenses: entry.license ? [{ expression: entry.license }] : [],
      hashes: algorithm === "sha512" && hash ? [{ alg: "SHA-512", content: Buffer.from(hash, "base64").toString("hex") }] : [],
    };
  });

const bom = {
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  version: 1,
  metadata: { component: { type: "application", name: "sluice", version, "bom-ref": "sluice" } },
  components,
};
console.log(JSON.stringify(bom, null, 2));
