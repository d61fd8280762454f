import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

let project: string;
let elsewhere: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "sluice-install-"));
  elsewhere = mkdtempSync(join(tmpdir(), "sluice-linked-"));
  mkdirSync(join(project, "scripts"));
  for (const name of ["install.mjs", "child.mjs", "terminal.mjs"]) {
    copyFileSync(join(import.meta.dirname, name), join(project, "scripts", name));
  }
  writeFileSync(join(project, "package.json"), '{"type":"module"}');
  write(project, "package-lock.json", "2.0.0");
  write(elsewhere, ".package-lock.json", "1.0.0");
  writeFileSync(join(elsewhere, "somebody-elses.js"), "");
  // Stands in for npm, which empties node_modules first.
  writeFileSync(
    join(project, "npm.js"),
    `const fs = require("node:fs");
     fs.appendFileSync("asked.txt", process.argv.slice(2).join(" ") + "\\n");
     for (const name of fs.readdirSync("node_modules")) fs.rmSync("node_modules/" + name, { recursive: true });`,
  );
  writeFileSync(join(project, "package.json"), "{}");
});
afterEach(() => {
  for (const folder of [project, elsewhere]) rmSync(folder, { recursive: true });
});

const write = (folder: string, name: string, version: string) =>
  writeFileSync(join(folder, name), JSON.stringify({ packages: { "": {}, "node_modules/x": { version } } }));

function install() {
  const code = `import { install } from ${JSON.stringify(join(project, "scripts/install.mjs"))};
    install().catch((error) => { console.error(error.name + ": " + error.message); process.exitCode = 7; });`;
  const { status, stderr, stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
    cwd: project,
    encoding: "utf8",
    env: { ...process.env, npm_execpath: join(project, "npm.js") },
  });
  const asked = join(project, "asked.txt");
  return { status, said: stdout + stderr, asked: existsSync(asked) ? readFileSync(asked, "utf8") : "" };
}

test("a node_modules that is a link to another folder is left alone: npm would empty the folder behind it", () => {
  symlinkSync(elsewhere, join(project, "node_modules"));
  const { status, said, asked } = install();
  expect([status, asked]).toEqual([7, ""]);
  expect(said).toContain("node_modules is a link to another folder");
  expect(said).toContain(`rm "${join(project, "node_modules")}"`);
  expect(existsSync(join(elsewhere, "somebody-elses.js"))).toBe(true);
});

test("so is a link whose folder is gone", () => {
  symlinkSync(join(elsewhere, "gone"), join(project, "node_modules"));
  expect(install()).toMatchObject({ status: 7, asked: "" });
});

test("a folder of its own is brought up to date, and a missing one is installed", () => {
  mkdirSync(join(project, "node_modules"));
  expect(install().asked).toContain("ci --include=dev");
});
