import type { Logger } from "pino";
import type { Db } from "#db/client.ts";
import { openTriggerDev } from "#engine/drivers/trigger/sdk.ts";
import { createTriggerDriver } from "#engine/drivers/trigger/trigger.ts";
import type { EngineDriver } from "#engine/jobs/driver.ts";
import type { Env } from "../process/env.ts";

/** Loaded only with ENGINE=trigger.dev, because its SDK takes longer to load than the rest of the server. */
export async function openTriggerDriver({ env, db, log }: { env: Env; db: Db; log: Logger }): Promise<EngineDriver> {
  const service = await openTriggerDev({
    apiUrl: env.TRIGGER_API_URL,
    // readEnv refuses ENGINE=trigger.dev without this key.
    secretKey: env.TRIGGER_SECRET_KEY ?? "",
    previewBranch: env.TRIGGER_PREVIEW_BRANCH,
  });
  return createTriggerDriver({ db, log, service });
}
