import { globSync, readFileSync } from "node:fs";
import { defaultConfig } from "@chakra-ui/react";
import { expect, test } from "vitest";
import { baseConfig } from "./theme-base.ts";

const recipesOf = (config: typeof baseConfig) => new Set(Object.keys({ ...config.theme?.recipes, ...config.theme?.slotRecipes }));

/** Every name the interface takes from Chakra: `import { Box, Link as ChakraLink } from "@chakra-ui/react"`. */
function importedNames(): Set<string> {
  const files = globSync("{ui,web,nodes}/**/*.{ts,tsx}").filter((file) => !file.includes(".test."));
  const imports = files.flatMap((file) => [...readFileSync(file, "utf8").matchAll(/import \{([^}]+)\} from "@chakra-ui\/react"/g)]);
  return new Set(imports.flatMap((found) => (found[1] as string).split(",").map((name) => name.trim().split(" as ")[0] as string)));
}

test("every component the interface uses has its recipe in the theme", () => {
  const known = recipesOf(defaultConfig);
  const ours = recipesOf(baseConfig);
  const used = [...importedNames()].map((name) => name.charAt(0).toLowerCase() + name.slice(1)).filter((name) => known.has(name));
  expect(used.length).toBeGreaterThan(10);
  expect(used.filter((name) => !ours.has(name))).toEqual([]);
});

test("apart from the recipes it is Chakra's theme, whole: the reset of the browser's own styles included", () => {
  const withoutRecipes = ({ theme: { recipes: _, slotRecipes: __, ...theme } = {}, ...rest }: typeof baseConfig) => ({ ...rest, theme });
  expect(withoutRecipes(baseConfig)).toEqual(withoutRecipes(defaultConfig));
});
