import { existsSync } from "node:fs";
import { defineConfig, devices } from "@playwright/test";

// The browser that scripts/test.mjs found or installed; alone (npm run e2e) the usual places are looked at.
const chromium = process.env.CHROMIUM_PATH ?? ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));

export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/global-setup.ts",
  // Each worker has a product of its own. A journey waits for the browser half of its time.
  workers: 2,
  timeout: 90_000,
  // Two cores carry the server, its Postgres and the browser; what must be fast is measured in bench/.
  expect: { timeout: 15_000 },
  // A second try in CI tells a journey that is unsteady from one that is broken; the summary counts those that needed it.
  retries: process.env.CI ? 1 : 0,
  reporter: process.env.CI ? [["line"]] : [["list"]],
  use: {
    ...devices["Desktop Chrome"],
    viewport: { width: 1280, height: 800 },
    trace: "on-first-retry",
    // What is not there after so long does not come. Without this a click waits as long as its whole journey may take.
    actionTimeout: 30_000,
    launchOptions: {
      executablePath: chromium,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
