import type { Logger } from "pino";
import type { Provider } from "#channels/channel.ts";
import { callableAddress } from "#channels/inbound-address.ts";
import type { InboundEvent } from "#channels/inbound-events.ts";
import type { Mailbox } from "#channels/mailbox.ts";
import type { OperatorRules, SendingDomainFacts } from "#channels/provider-definition.ts";
import { type Secrets, secretsFromText } from "#channels/provider-secrets.ts";
import type { InboundRequest, ProviderServer } from "#channels/provider-server.ts";
import { defaultProvider, type NamedProvider, type ProviderDefinitions } from "#channels/providers.ts";
import { findProviderServer, type ProviderRegistry, productProviders } from "#channels/providers-server.ts";
import type { Problem } from "#contract/api-errors.ts";
import type { Channel } from "#contract/messages.ts";
import { inboundPath } from "#contract/providers.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Db } from "#db/client.ts";
import { listFormerProviders } from "#db/queries/former-providers.ts";
import { noteArrival } from "#db/queries/inbound-arrivals.ts";
import { findProviderRevision, findProvider as findProviderRow, providerSecretPlace, type StoredProvider } from "#db/queries/providers.ts";
import { createSecretBox, SecretUnreadable } from "#db/secret-box.ts";

export interface ProviderDirectory {
  /** The provider as it is set up, at most a second behind a change. `lookNow` reads the settings again at once. */
  providerFor(workspaceId: string, channel: Channel, options?: { lookNow?: boolean }): Promise<Provider>;
  /**
   * A provider of settings that are not stored (yet). Secrets that are undefined are those that are stored. The caller
   * closes it.
   */
  openWith(given: {
    workspaceId: string;
    channel: Channel;
    provider: string;
    settings: Record<string, unknown>;
    secrets: Secrets | undefined;
  }): Promise<Provider>;
  /** The providers that there are. */
  definitions: ProviderDefinitions;
  /** The stored secrets of a channel, if they are of this provider and can be read; they never leave the server. */
  storedSecrets(given: { workspaceId: string; channel: Channel; provider: string }): Promise<Secrets>;
  /** Everything that keeps well-formed settings from being used. Empty: they may be saved. */
  problemsOf(channel: Channel, provider: string, settings: Record<string, unknown>): Problem[];
  /**
   * What a provider tells us, if the secret of this workspace's account signed the request. Undefined: nobody knows who
   * sent it, and nothing in it was parsed.
   */
  readInbound(account: { workspaceId: string; channel: Channel }, request: InboundRequest): Promise<Inbound | undefined>;
  /** The mailbox that the provider in use names; undefined where it names none, or where its settings cannot be used. */
  mailboxOf(workspaceId: string, channel: Channel): Promise<{ provider: string; mailbox: Mailbox } | undefined>;
  /** What receivers look up of the sender of e-mail; undefined where e-mail stays here, or its settings cannot be used. */
  sendingDomainOf(workspaceId: string): Promise<SendingDomainFacts | undefined>;
  /** Where the providers of a channel call, and whether one on the internet could. */
  inboundAddress(workspaceId: string, channel: Channel): { url: string | null; isReachable: boolean };
  close(): Promise<void>;
}

/** A verified call of a provider. */
export interface Inbound {
  workspaceId: string;
  channel: Channel;
  provider: string;
  events: InboundEvent[];
  /** What the provider wants to read when it hands a message over. */
  receipt?: { type: string; body: string } | undefined;
}

export interface ProviderDirectoryOptions {
  /** The owner's login: a member may not read secrets. */
  db: Db;
  masterKey: Buffer;
  previousMasterKeys?: readonly Buffer[];
  log: Logger;
  /** The address at which providers reach this instance. Left out, they are not asked to report anything. */
  publicUrl?(): string | undefined;
  /** Default: public hosts only, and the usual ports. */
  rules?: OperatorRules;
  /** For how long settings that were read count as fresh, in milliseconds. */
  freshFor?: number;
  /** Milliseconds that have passed, since whenever. */
  elapsed?: (() => number) | undefined;
  /** Default: the providers of the product. */
  registry?: ProviderRegistry;
}

interface Entry {
  provider: Provider;
  /** Undefined where no provider was chosen. */
  revision: string | undefined;
  checkedAt: number;
}

/** A stored provider with everything that is needed to use it. */
interface Account extends NamedProvider {
  server: ProviderServer;
  settings: Record<string, unknown>;
  secrets: Secrets;
}

/** Why a stored provider cannot be used. */
interface Unusable {
  reason: Reason;
  message: string;
}

const noteEveryMs = 60_000;

/** Opens the provider that each workspace chose for a channel, and keeps it open until the settings change. */
export function createProviderDirectory(options: ProviderDirectoryOptions): ProviderDirectory {
  const { db, log, freshFor = 1000, registry = productProviders, elapsed = () => performance.now() } = options;
  const { rules = { allowPrivateHosts: false, extraMailPorts: [] } } = options;
  const box = createSecretBox(options.masterKey, ...(options.previousMasterKeys ?? []));
  const entries = new Map<string, Entry>();
  const accounts = new Map<string, { accounts: Account[]; readAt: number }>();
  const notedAt = new Map<string, number>();
  /** Many chunks ask at the same time. One of them reads the settings and the others wait for its answer. */
  const looking = new Map<string, Promise<Entry>>();

  return {
    async providerFor(workspaceId, channel, { lookNow = false } = {}) {
      const key = `${channel}/${workspaceId}`;
      const known = entries.get(key);
      if (!lookNow && known && elapsed() - known.checkedAt < freshFor) return known.provider;
      // A look under way may have begun before the change that the caller has just made.
      let look = lookNow ? undefined : looking.get(key);
      if (!look) {
        look = lookAgain(key, workspaceId, channel).finally(() => looking.delete(key));
        looking.set(key, look);
      }
      return (await look).provider;
    },

    async openWith({ workspaceId, channel, provider, settings, secrets }) {
      const stored = secrets ? undefined : await findProviderRow(db, { workspaceId, channel });
      const account = readAccount(workspaceId, channel, { provider, settings, secrets: stored?.secrets ?? null });
      if ("reason" in account) return unusable(provider, account);
      return account.server.send.open({
        name: account.name,
        channel,
        settings: account.settings,
        secrets: secrets ?? account.secrets,
        rules,
        inboundUrl: inboundUrlOf(workspaceId, channel),
      });
    },

    definitions: registry.definitions,

    async storedSecrets({ workspaceId, channel, provider }) {
      const stored = await findProviderRow(db, { workspaceId, channel });
      const account = stored && readAccount(workspaceId, channel, stored);
      return account && !("reason" in account) && account.name === provider ? account.secrets : {};
    },

    problemsOf: (channel, provider, settings) =>
      findProviderServer(registry, channel, provider)?.server.send.problems?.(settings, rules) ?? [],

    async readInbound({ workspaceId, channel }, request) {
      const account = (await inboundAccounts(workspaceId, channel)).find((one) => one.server.inbound?.verify(request, one));
      const inbound = account?.server.inbound;
      if (!account || !inbound) return undefined;
      await noteCall({ workspaceId, channel, provider: account.name });
      return { workspaceId, channel, provider: account.name, events: inbound.parse(request, account), receipt: inbound.receipt };
    },

    async mailboxOf(workspaceId, channel) {
      const stored = await findProviderRow(db, { workspaceId, channel });
      const account = stored && readAccount(workspaceId, channel, stored);
      if (!account || "reason" in account) return undefined;
      const mailbox = account.server.mailbox?.open({ settings: account.settings, secrets: account.secrets, rules });
      return mailbox && { provider: account.name, mailbox };
    },

    async sendingDomainOf(workspaceId) {
      const stored = await findProviderRow(db, { workspaceId, channel: "email" });
      const account = stored && readAccount(workspaceId, "email", stored);
      return account && !("reason" in account) ? account.definition.sendingDomain?.(account.settings) : undefined;
    },

    inboundAddress(workspaceId, channel) {
      const url = inboundUrlOf(workspaceId, channel);
      const standIns = Object.keys(registry.definitions[channel]).flatMap((name) => rules.providerUrls?.[name] ?? []);
      return { url: url ?? null, isReachable: callableAddress(url, standIns[0]) !== undefined };
    },

    async close() {
      const providers = [...entries.values()].map((entry) => entry.provider);
      entries.clear();
      await Promise.all(providers.map((provider) => provider.close?.()));
    },
  };

  /** Written once a minute at most. That it fails keeps nobody from being heard. */
  async function noteCall(call: { workspaceId: string; channel: Channel; provider: string }): Promise<void> {
    const key = `${call.channel}/${call.workspaceId}/${call.provider}`;
    if (elapsed() - (notedAt.get(key) ?? Number.NEGATIVE_INFINITY) < noteEveryMs) return;
    notedAt.set(key, elapsed());
    await noteArrival(db, call).catch((error) => log.warn({ err: error, ...call }, "that a provider called could not be noted"));
  }

  /**
   * The account in use, and those before it whose late calls are still taken. A provider may call a thousand times a second. What
   * was read is fresh for as long as for sending.
   */
  async function inboundAccounts(workspaceId: string, channel: Channel): Promise<Account[]> {
    const key = `${channel}/${workspaceId}`;
    const known = accounts.get(key);
    if (known && elapsed() - known.readAt < freshFor) return known.accounts;
    const readAt = elapsed();
    const stored = await findProviderRow(db, { workspaceId, channel });
    const rows = stored ? [stored, ...(await listFormerProviders(db, { workspaceId, channel }))] : [];
    const read = rows.map((row) => readAccount(workspaceId, channel, row)).filter((account): account is Account => !("reason" in account));
    // Addresses that nobody has are not remembered, or strangers could fill the memory with them.
    if (stored) accounts.set(key, { accounts: read, readAt });
    else accounts.delete(key);
    return read;
  }

  async function lookAgain(key: string, workspaceId: string, channel: Channel): Promise<Entry> {
    const checkedAt = elapsed();
    const known = entries.get(key);
    if (known && (await findProviderRevision(db, { workspaceId, channel })) === known.revision) {
      known.checkedAt = checkedAt;
      return known;
    }
    const stored = await findProviderRow(db, { workspaceId, channel });
    const entry = { provider: open(workspaceId, channel, stored), revision: stored?.revision, checkedAt };
    entries.set(key, entry);
    // The old provider may take a while to finish its calls, and nothing here waits for them.
    known?.provider.close?.().catch((error) => log.error({ err: error, workspaceId, channel }, "a replaced provider did not close"));
    return entry;
  }

  function open(workspaceId: string, channel: Channel, stored: StoredProvider | undefined): Provider {
    const row = stored ?? { provider: defaultProvider(channel, registry.definitions).name, settings: {}, secrets: null };
    const account = readAccount(workspaceId, channel, row);
    if ("reason" in account) return unusable(row.provider, account);
    const { name, server, settings, secrets } = account;
    const provider = server.send.open({ name, channel, settings, secrets, rules, inboundUrl: inboundUrlOf(workspaceId, channel) });
    return Object.assign(provider, {
      ...(stored && { inUseSince: stored.updated_at }),
      ...(rules.providerUrls?.[name] !== undefined && { isOnThisMachine: true }),
    });
  }

  function inboundUrlOf(workspaceId: string, channel: Channel): string | undefined {
    const publicUrl = options.publicUrl?.();
    return publicUrl === undefined ? undefined : `${publicUrl}${inboundPath(workspaceId, channel)}`;
  }

  function readAccount(workspaceId: string, channel: Channel, row: Omit<StoredProvider, "revision" | "updated_at">): Account | Unusable {
    const found = findProviderServer(registry, channel, row.provider);
    if (!found) {
      const message = `This version knows no provider "${row.provider}" for this channel. Choose one in the settings.`;
      return { reason: "no_provider", message };
    }
    const { definition } = found;
    const settings = definition.settings.safeParse(row.settings);
    if (!settings.success) {
      return { reason: "provider_unavailable", message: `The stored settings of "${definition.label}" cannot be used. Save them again.` };
    }
    try {
      const text = row.secrets === null ? null : box.open(providerSecretPlace({ workspaceId, channel }), row.secrets);
      return { ...found, settings: settings.data, secrets: secretsFromText(definition, text) };
    } catch (error) {
      if (!(error instanceof SecretUnreadable)) throw error;
      log.error({ err: error, workspaceId, channel }, "the secret of a provider cannot be read");
      return { reason: "provider_unavailable", message: error.message };
    }
  }
}

/** Its messages fail with the words that help. They are tried again later, so the settings can be corrected meanwhile. */
function unusable(name: string, { reason, message }: Unusable): Provider {
  return { name, from: null, concurrency: 64, send: async () => ({ outcome: "rejected", reason, message, retryable: true }) };
}
