import type { Logger } from "pino";
import type { Db } from "#db/client.ts";
import { createGraphileDriver } from "#engine/drivers/graphile.ts";
import type { EngineDriver } from "#engine/jobs/driver.ts";
import { createIdentity, type Identity, type IdentityParts } from "../http/identity.ts";
import { createSupabaseIdentity } from "../http/supabase-identity.ts";
import type { Tracing } from "../ops/tracing.ts";
import { type Env, supabaseProject } from "../process/env.ts";

/** Opens the engine that ENGINE names, and fails if it cannot. It never falls back to another engine. */
export async function openDriver({ env, log, workUrl }: { env: Env; log: Logger; workUrl: string }, db: Db): Promise<EngineDriver> {
  if (env.ENGINE === "graphile") return createGraphileDriver({ connectionString: workUrl, log });
  const { openTriggerDriver } = await import("../trigger/open-trigger-driver.ts");
  return openTriggerDriver({ env, db, log });
}

/** People sign in at a Supabase project if one is set, and otherwise with passwords that this instance keeps. */
export async function openIdentity(env: Env, parts: IdentityParts): Promise<Identity> {
  const project = supabaseProject(env);
  return project ? createSupabaseIdentity({ ownerDb: parts.ownerDb, log: parts.log, project }) : createIdentity(parts);
}

/** The OpenTelemetry packages are loaded only if an endpoint for traces is set. */
export async function openTracing(env: Env, log: Logger): Promise<Tracing | undefined> {
  const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return undefined;
  const { startTracing } = await import("../ops/tracing.ts");
  return startTracing({ endpoint, serviceName: env.OTEL_SERVICE_NAME, ratio: env.OTEL_TRACES_SAMPLER_ARG, log });
}
