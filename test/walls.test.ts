import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

// Biome holds the walls between the top folders (biome.json). This holds the one it cannot say: "any feature but mine".
test("a web feature never imports another feature", () => {
  const crossings = globSync("web/features/**/*.{ts,tsx}").flatMap((file) => {
    const own = file.split("/")[2];
    const imports = [...readFileSync(file, "utf8").matchAll(/from "(?:#web|(?:\.\.\/)+)\/?features\/([^/"]+)/g), ...siblings(file)];
    return imports.filter((found) => found[1] !== own).map((found) => `${file} → ${found[1]}`);
  });
  expect(crossings).toEqual([]);
});

/** Finds `../other-feature/x.ts` in a file at the top of a feature's folder. */
function siblings(file: string) {
  const depth = file.split("/").length - 3;
  const up = "\\.\\./".repeat(depth);
  return readFileSync(file, "utf8").matchAll(new RegExp(`from "${up}([a-z-]+)/`, "g"));
}
