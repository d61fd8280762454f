import react from "@vitejs/plugin-react";
import { configDefaults, defineConfig } from "vitest/config";

// Four kinds of test, told apart by name and folder: *.test.tsx draws, tests in the folders that hold SQL or serve
// HTTP get a database, the rest is pure and needs neither. Those that take long stand apart: whole processes that are
// started and ended, and a thousand random histories.
const withDatabase = ["db", "engine", "server", "bench", "test"].map((folder) => `${folder}/**/*.test.ts`);
const slow = [
  "bench/run.test.ts",
  "bench/rehearsal/rehearse.test.ts",
  "engine/forecast/many-twins.test.ts",
  "engine/model.test.ts",
  "engine/pass/move-many.test.ts",
  "engine/processes.test.ts",
  "server/http/server-timeouts.test.ts",
  "server/ops/{outage,processes,rolling-restart,tracing}.test.ts",
  "server/process/{watchdog,worker-process}.test.ts",
  "server/trigger/start.test.ts",
  "test/bundle-budget.test.ts",
  "test/supabase/**/*.test.ts",
];
const exclude = [...configDefaults.exclude, "e2e/**", ".data/**", ".tmp/**", ".trigger/**"];

export default defineConfig({
  test: {
    // These only end tests that hang. They are long, because a machine that is busy with other work is no fault of a test,
    // and no test has a shorter one of its own.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: 600_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          environment: "node",
          // The files of a worker share what they import, which is two thirds of the time. Each has a database of its own, and
          // none replaces a module.
          isolate: false,
          include: ["**/*.test.ts"],
          exclude: [...exclude, ...withDatabase],
          setupFiles: ["test/network-guard.ts", "test/date-style.ts", "test/fixed-draws.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "db",
          environment: "node",
          isolate: false,
          include: withDatabase,
          exclude: [...exclude, ...slow],
          setupFiles: ["test/network-guard.ts", "test/fixed-draws.ts"],
          globalSetup: ["test/global-setup.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "slow",
          environment: "node",
          include: slow,
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
          setupFiles: ["test/network-guard.ts", "test/date-style.ts", "test/patient-screen.ts"],
        },
      },
    ],
  },
});
