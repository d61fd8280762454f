import type { Logger } from "pino";
import type { Db } from "#db/client.ts";
import { readFormerLinkKeys } from "#db/link-keys.ts";
import { createSecretBox, SecretUnreadable } from "#db/secret-box.ts";
import type { Meter } from "#engine/base/meter.ts";
import type { Tracer } from "#engine/base/tracer.ts";
import type { EngineResources } from "#engine/engine.ts";
import type { EngineDriver } from "#engine/jobs/driver.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import type { Env } from "../process/env.ts";
import { createMessageLinks, type LinkKeeper } from "./message-links.ts";
import { createProviderDirectory, type ProviderDirectory } from "./provider-directory.ts";
import { type CallWebhookWhole, createWebhookClient, createWholeWebhookClient } from "./webhook-client.ts";

export interface EngineParts {
  /** The owner's login, for provider settings and secrets of workspaces. */
  db: Db;
  driver: EngineDriver;
  log: Logger;
  /** 32 bytes; opens provider secrets and secrets of workspaces. */
  masterKey: Buffer;
  previousMasterKeys: readonly Buffer[];
  env: Pick<Env, "SMTP_EXTRA_PORTS" | "HTTP_EXTRA_PORTS" | "PROVIDER_URLS">;
  /** Whether SMTP hosts and webhooks may be on this machine and in its networks. */
  allowPrivateHosts: boolean;
  /** The address at which providers reach this instance. It may be known only later, and is asked for when a provider is opened. */
  publicUrl(): string | undefined;
  meter?: Meter;
  tracer?: Tracer;
  /** Milliseconds that have passed, by which settings that were read stop being fresh. */
  elapsed?: (() => number) | undefined;
}

/**
 * Builds what the engine needs of the outside world, the same for every process that has an engine: the server, a worker
 * and a run of Trigger.dev. An engine that was built elsewhere could lack one of these without anybody noticing.
 *
 * @returns the providers, which the caller closes, the client of webhooks for who looks on, the links in messages, and the resources of an engine on a pool of connections
 */
export function openEngineResources(parts: EngineParts): {
  providers: ProviderDirectory;
  callWhole: CallWebhookWhole;
  links: LinkKeeper;
  resourcesOn(db: Db): EngineResources;
} {
  const { db, driver, log, masterKey, previousMasterKeys, env, allowPrivateHosts, meter, tracer, elapsed, publicUrl } = parts;
  const rules = { allowPrivateHosts, extraMailPorts: env.SMTP_EXTRA_PORTS, providerUrls: env.PROVIDER_URLS };
  const providers = createProviderDirectory({ db, masterKey, previousMasterKeys, log, rules, publicUrl, elapsed });
  const box = createSecretBox(masterKey, ...previousMasterKeys);
  const formerKeys = () =>
    readFormerLinkKeys(db, box).catch((err: unknown) => {
      if (!(err instanceof SecretUnreadable)) throw err;
      log.error({ err }, "the keys of links that were sent under earlier master keys cannot be read");
      return [];
    });
  const links = createMessageLinks({ masterKey, previousMasterKeys, publicUrl, formerKeys });
  const { providerFor } = providers;
  const calls = { db, masterKey, previousMasterKeys, rules: { allowPrivateHosts, extraPorts: env.HTTP_EXTRA_PORTS } };
  const callWebhook = createWebhookClient(calls);
  return {
    providers,
    callWhole: createWholeWebhookClient(calls),
    links,
    resourcesOn: (engineDb) => ({ db: engineDb, nodes: nodeRegistry, driver, log, meter, tracer, providerFor, callWebhook, links }),
  };
}
