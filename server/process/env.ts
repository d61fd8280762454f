import { decodeJwt } from "jose";
import { z } from "zod";
import { isLoopback } from "#contract/loopback.ts";
import type { SupabaseProject } from "../http/supabase-identity.ts";

const flag = z
  .enum(["true", "false"])
  .default("false")
  .transform((text) => text === "true");
const url = z.string().regex(/^postgres(ql)?:\/\//, "must begin with postgres:// or postgresql://");
/**
 * The addresses of Trigger.dev's own service, where the dashboard and the API have different ones. A self-hosted
 * Trigger.dev has one address for both.
 */
export const triggerCloud = { api: "https://api.trigger.dev", dashboard: "https://cloud.trigger.dev" };
const list = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((part) => part.trim())
      .filter(Boolean),
  );

const masterKeyForm = /^[0-9a-f]{64}$/i;
const ports = list
  .refine((all) => all.every((port) => /^\d{1,5}$/.test(port) && Number(port) <= 65535), "must be port numbers, comma separated")
  .transform((all) => all.map(Number));

/**
 * Every setting from outside, in the order of .env.example. Without any of them Sluice runs on its own Postgres and
 * listens on this machine only.
 */
const Env = z.object({
  DATABASE_URL: url.optional(),
  API_DATABASE_URL: url.optional(),
  WORKER_DATABASE_URL: url.optional(),
  MASTER_KEY: z.string().regex(masterKeyForm, "must be 64 hexadecimal digits (32 bytes)").optional(),
  PREVIOUS_MASTER_KEY: list.refine(
    (keys) => keys.every((key) => masterKeyForm.test(key)),
    "must be keys of 64 hexadecimal digits, comma separated",
  ),
  PUBLIC_URL: z
    .url("must be an address such as https://sluice.example.com")
    .transform((address) => address.replace(/\/+$/, ""))
    .optional(),
  ENGINE: z.enum(["graphile", "trigger.dev"]).default("graphile"),
  TRIGGER_SECRET_KEY: z
    .string()
    .regex(/^tr_[a-z]+_\S+$/, "must be the secret key of an environment, such as tr_prod_…")
    .optional(),
  TRIGGER_API_URL: z
    .url({ protocol: /^https?$/, error: "must be an address such as https://trigger.example.com" })
    .transform((address) => address.replace(/\/+$/, ""))
    .default(triggerCloud.api),
  TRIGGER_PREVIEW_BRANCH: z.string().optional(),
  TRIGGER_DASHBOARD_URL: z
    .url({ protocol: /^https?$/, error: "must be an address such as https://trigger.example.com" })
    .transform((address) => address.replace(/\/+$/, ""))
    .optional(),
  SUPABASE_URL: z
    .url({ protocol: /^https?$/, error: "must be the address of a Supabase project, such as https://abcdefgh.supabase.co" })
    .refine((address) => address.startsWith("https:") || isLoopback(new URL(address).hostname), "must begin with https://")
    .transform((address) => address.replace(/\/+$/, ""))
    .optional(),
  SUPABASE_PUBLISHABLE_KEY: z
    .string()
    .refine(
      isPublishable,
      "must be the publishable key (sb_publishable_…) or the anon key: every browser gets it, a secret one must not be here",
    )
    .optional(),
  SUPABASE_JWT_SECRET: z.string().min(32, "must be the project's JWT secret (32 characters or more)").optional(),
  TRUSTED_PROXIES: list,
  ALLOW_PRIVATE_HOSTS: flag,
  SMTP_EXTRA_PORTS: ports,
  HTTP_EXTRA_PORTS: ports,
  PROVIDER_URLS: list
    .refine(
      (all) => all.every((one) => /^[\w-]+=https?:\/\/[^\s=]+$/.test(one) && URL.canParse(one.slice(one.indexOf("=") + 1))),
      "must be names of providers with addresses, such as twilio=https://twilio-proxy.example.com, comma separated",
    )
    .transform((all) => Object.fromEntries(all.map((one) => one.replace(/\/+$/, "").split("=") as [string, string]))),
  RATE_LIMITS: z.enum(["on", "off"]).default("on"),
  METRICS_PORT: z
    .string()
    .refine((port) => /^\d{1,5}$/.test(port) && Number(port) <= 65535, "must be a port number")
    .transform(Number)
    .optional(),
  METRICS_HOST: z.string().default("127.0.0.1"),
  DRAIN_SECONDS: z
    .string()
    .default("0")
    .refine((seconds) => /^\d{1,2}$/.test(seconds) && Number(seconds) <= 60, "must be a number of seconds up to 60")
    .transform(Number),
  ALERT_WEBHOOK_URL: z.url({ protocol: /^https?$/, error: "must be an address such as https://alerts.example.com/sluice" }).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/, error: "must be an address such as http://127.0.0.1:4318" }).optional(),
  OTEL_SERVICE_NAME: z.string().default("sluice"),
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .default("1")
    .refine((part) => /^(0?\.\d+|[01](\.0+)?)$/.test(part), "must be a number from 0 to 1")
    .transform(Number),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("warn"),
});

export type Env = z.infer<typeof Env>;

/**
 * Reads the settings.
 * @throws EnvError that lists everything that is wrong
 */
export function readEnv(variables: NodeJS.ProcessEnv): Env {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  const parsed = Env.safeParse(given);
  const problems = [...(parsed.error?.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`) ?? []), ...missing(given)];
  if (problems.length > 0 || !parsed.data) throw new EnvError(problems);
  return parsed.data;
}

/** Finds settings that another setting makes necessary. */
function missing(given: NodeJS.ProcessEnv): string[] {
  const { DATABASE_URL, MASTER_KEY, ENGINE, TRIGGER_SECRET_KEY, SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY, SUPABASE_JWT_SECRET } = given;
  const problems: string[] = [];
  if (DATABASE_URL && !MASTER_KEY)
    problems.push("MASTER_KEY is needed with DATABASE_URL: it encrypts the secrets in that database. Make one with: openssl rand -hex 32");
  if (ENGINE === "trigger.dev" && !DATABASE_URL)
    problems.push("DATABASE_URL is needed with ENGINE=trigger.dev: runs work elsewhere, and reach the database by this address");
  if (ENGINE === "trigger.dev" && !TRIGGER_SECRET_KEY)
    problems.push("TRIGGER_SECRET_KEY is needed with ENGINE=trigger.dev: the secret key of the environment that the task is deployed to");
  if (SUPABASE_URL && !SUPABASE_PUBLISHABLE_KEY)
    problems.push(
      "SUPABASE_PUBLISHABLE_KEY is needed with SUPABASE_URL: browsers sign in with it. It is in the project's settings, API Keys",
    );
  if (!SUPABASE_URL && (SUPABASE_PUBLISHABLE_KEY || SUPABASE_JWT_SECRET))
    problems.push("SUPABASE_URL is needed with the other settings of the Supabase project: https://<project>.supabase.co");
  return problems;
}

/** The key that encrypts, and those that only decrypt what they encrypted before. */
export const masterKeys = (env: Pick<Env, "MASTER_KEY" | "PREVIOUS_MASTER_KEY">) => ({
  masterKey: Buffer.from(env.MASTER_KEY ?? "", "hex"),
  previousMasterKeys: env.PREVIOUS_MASTER_KEY.map((key) => Buffer.from(key, "hex")),
});

/** Makes the address of a run in Trigger.dev's dashboard. */
export function linkRuns(env: Pick<Env, "TRIGGER_API_URL" | "TRIGGER_DASHBOARD_URL">): (runId: string) => string {
  const own = env.TRIGGER_API_URL === triggerCloud.api ? triggerCloud.dashboard : env.TRIGGER_API_URL;
  return (runId) => `${env.TRIGGER_DASHBOARD_URL ?? own}/runs/${encodeURIComponent(runId)}`;
}

/** The Supabase project where people sign in, if one is set. */
export function supabaseProject(env: Env): SupabaseProject | undefined {
  const { SUPABASE_URL: url, SUPABASE_PUBLISHABLE_KEY: publishableKey, SUPABASE_JWT_SECRET: jwtSecret } = env;
  return url && publishableKey ? { url, publishableKey, jwtSecret } : undefined;
}

/** The older kind of key is a JWT whose `role` claim says what it may do. */
function isPublishable(key: string): boolean {
  if (key.startsWith("sb_publishable_")) return true;
  try {
    return decodeJwt(key).role === "anon";
  } catch {
    return false;
  }
}

export class EnvError extends Error {
  readonly code = "env_invalid";
  readonly problems: string[];

  constructor(problems: string[]) {
    super(`These settings cannot be used:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.name = "EnvError";
    this.problems = problems;
  }
}
