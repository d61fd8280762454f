import react from "@vitejs/plugin-react";
import { configDefaults, defineConfig } from "vitest/config";

// Three kinds of test, told apart by name and folder: *.test.tsx draws, tests in the folders that hold SQL or serve
// HTTP get a database, the rest is pure and needs neither.
const withDatabase = ["db", "engine", "server", "bench", "test"].map((folder) => `${folder}/**/*.test.ts`);
const exclude = [...configDefaults.exclude, "e2e/**", ".data/**", ".tmp/**"];

export default defineConfig({
  test: {
    // A test that hangs is a bug to find quickly, not something to wait for; those that start processes say so.
    testTimeout: 10_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          environment: "node",
          include: ["**/*.test.ts"],
          exclude: [...exclude, ...withDatabase],
          setupFiles: ["test/network-guard.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "db",
          environment: "node",
          include: withDatabase,
          exclude,
          setupFiles: ["test/network-guard.ts"],
          globalSetup: ["test/global-setup.ts"],
        },
      },
      {
        extends: true,
        plugins: [react()],
        test: {
          name: "web",
          environment: "jsdom",
          include: ["**/*.test.tsx"],
          exclude,
          setupFiles: ["test/network-guard.ts"],
        },
      },
    ],
  },
});
