import { defineConfig } from "@trigger.dev/sdk";

const project = process.env.TRIGGER_PROJECT_REF;
if (!project) throw new Error("Set TRIGGER_PROJECT_REF to the project's reference (proj_…), which is in its settings at Trigger.dev.");

export default defineConfig({
  project,
  dirs: ["./server/trigger"],
  runtime: "node-24",
  maxDuration: 300,
  retries: { enabledInDev: true, default: { maxAttempts: 3, factor: 2, minTimeoutInMs: 1_000, maxTimeoutInMs: 10_000, randomize: true } },
});
