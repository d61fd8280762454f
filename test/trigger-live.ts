import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { sdkVersion } from "#engine/drivers/trigger/payload.ts";
import { openTriggerDev } from "#engine/drivers/trigger/sdk.ts";
import type { RunService } from "#engine/drivers/trigger/service.ts";

const { TRIGGER_API_URL: apiUrl, TRIGGER_SECRET_KEY: secretKey, TRIGGER_ACCESS_TOKEN: accessToken } = process.env;

/** The server to test against, if the three variables name one. The key is that of its development environment. */
export const liveTrigger = apiUrl && secretKey && accessToken ? { apiUrl, secretKey, accessToken } : undefined;

type Perform = (payload: unknown, run: { runId: string; attempt: number }) => Promise<unknown>;

const startWithinMs = 120_000;

/**
 * Starts "trigger dev" with the task of test/trigger-live and waits until the server knows it. Its runs come back to
 * this process to be executed.
 */
export async function startLiveTrigger(
  live: NonNullable<typeof liveTrigger>,
  perform: Perform,
): Promise<{ service: RunService; stop(): Promise<void> }> {
  const performer = createServer((req, res) => {
    let body = "";
    req.on("data", (text) => (body += text));
    req.on("end", () => {
      const { handOver, run } = JSON.parse(body);
      perform(handOver, run).then(
        () => res.end(),
        (error: unknown) => res.writeHead(500).end(String(error)),
      );
    });
  });
  await new Promise<void>((resolve) => performer.listen(0, "127.0.0.1", resolve));
  const { port } = performer.address() as AddressInfo;

  const config = join(import.meta.dirname, "trigger-live", "trigger.config.ts");
  const args = [
    "--yes",
    `trigger.dev@${sdkVersion}`,
    "dev",
    "start",
    "--config",
    config,
    "--api-url",
    live.apiUrl,
    "--skip-update-check",
    "--skip-telemetry",
  ];
  const child = spawn("npx", args, {
    cwd: join(import.meta.dirname, ".."),
    env: {
      ...process.env,
      TRIGGER_PROJECT_REF: process.env.TRIGGER_PROJECT_REF ?? (await findProject(live)),
      SLUICE_TEST_PERFORMER: `http://127.0.0.1:${port}`,
    },
    // The process has a group of its own, because npx starts further processes.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text: Buffer) => (said += text));
  const stop = async () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGTERM");
    performer.close();
    performer.closeAllConnections();
  };
  for (let waited = 0; !said.includes("worker ready"); waited += 200) {
    if (child.exitCode !== null || waited > startWithinMs) {
      await stop();
      throw new Error(`"trigger dev" ${child.exitCode === null ? "was not ready in time" : "ended"}. It said: ${said}`);
    }
    await sleep(200);
  }
  const service = await openTriggerDev(live);
  await service.check();
  return { service, stop };
}

/** The only project that the token can see. If there are several, TRIGGER_PROJECT_REF says which. */
async function findProject({ apiUrl: url, accessToken: token }: NonNullable<typeof liveTrigger>): Promise<string> {
  const answer = await fetch(`${url}/api/v1/projects`, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status} when it was asked for its projects. Is TRIGGER_ACCESS_TOKEN right?`);
  const projects = z.array(z.object({ externalRef: z.string() })).parse(await answer.json());
  const [only] = projects;
  if (!only || projects.length > 1) throw new Error(`There are ${projects.length} projects: set TRIGGER_PROJECT_REF to the one for tests.`);
  return only.externalRef;
}
