import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const read = (file: string) => JSON.parse(readFileSync(join(root, file), "utf8"));

interface Installed {
  name: string;
  version: string;
  license?: string;
  dev?: boolean;
  devOptional?: boolean;
  optional?: boolean;
  peer?: boolean;
  hasInstallScript?: boolean;
}
const lock = read("package-lock.json") as { packages: Record<string, Omit<Installed, "name">> };
const installed: Installed[] = Object.entries(lock.packages)
  .filter(([path]) => path !== "")
  .map(([path, entry]) => ({ ...entry, name: path.split("node_modules/").at(-1) as string }));
const inProduction = installed.filter(({ dev, devOptional, optional, peer }) => !dev && !devOptional && !optional && !peer);
const manifest = read("package.json") as Record<"dependencies" | "devDependencies", Record<string, string>> & {
  allowScripts: Record<string, boolean>;
};
const isOlder = (version: string, than: string) => version.localeCompare(than, "en", { numeric: true }) < 0;

const allowedLicenses = [
  "MIT",
  "MIT-0",
  "Apache-2.0",
  "ISC",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "Unlicense",
  "Python-2.0",
];
const isAllowed = (license: string) =>
  license
    .replace(/[()]/g, "")
    .split(/ OR | AND /)
    .some((one) => allowedLicenses.includes(one));

describe("the packages that run in production", () => {
  test("are at least as new as the oldest version that is known to be safe", () => {
    const { packages } = read("advisories.json") as { packages: Record<string, { safeFrom: string; because: string }> };
    const unsafe = inProduction.filter(({ name, version }) => {
      const advisory = packages[name];
      return advisory !== undefined && isOlder(version, advisory.safeFrom);
    });
    expect(unsafe).toEqual([]);
    expect(isOlder("10.4.0", packages.nodemailer?.safeFrom as string)).toBe(true);
    expect(isOlder("10.10.0", packages.nodemailer?.safeFrom as string)).toBe(false);
  });

  test("are no more than 250", () => {
    expect(new Set(inProduction.map(({ name }) => name)).size).toBeLessThanOrEqual(250);
  });

  test("have licences that allow every use", () => {
    expect(inProduction.filter(({ license }) => !license || !isAllowed(license)).map(({ name, license }) => `${name}: ${license}`)).toEqual(
      [],
    );
  });
});

test("every package is pinned to one version", () => {
  const all = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});

test("only packages that are named may run a script when they are installed", () => {
  const named = Object.keys(manifest.allowScripts);
  // These work without their script, which is not run.
  const unused = ["@swc/core", "esbuild", "protobufjs", "fsevents"];
  const others = installed.filter(({ name, hasInstallScript }) => hasInstallScript && !named.includes(name) && !unused.includes(name));
  expect(others.map(({ name }) => name)).toEqual([]);
});

test("npm run sbom lists what runs in production, in CycloneDX", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["scripts/sbom.ts"], { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  const { bomFormat, components } = JSON.parse(stdout) as { bomFormat: string; components: { name: string }[] };
  expect(bomFormat).toBe("CycloneDX");
  const names = components.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(Object.keys(manifest.dependencies)));
  expect(names).not.toContain("vitest");
});
