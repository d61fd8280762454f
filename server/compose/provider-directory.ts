import type { Logger } from "pino";
import { captureProvider } from "#channels/capture/send.ts";
import type { Provider } from "#channels/channel.ts";
import { type SmtpHostRules, smtpHostProblems } from "#channels/email/smtp/host.ts";
import { smtpProvider } from "#channels/email/smtp/send.ts";
import type { Problem } from "#contract/api-errors.ts";
import type { Channel } from "#contract/messages.ts";
import { type ProviderInput, SmtpSettings } from "#contract/providers.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Db } from "#db/client.ts";
import { defaultProvider, findProvider, findProviderRevision, providerSecretPlace, type StoredProvider } from "#db/queries/providers.ts";
import { createSecretBox, SecretUnreadable } from "#db/secret-box.ts";

export interface ProviderDirectory {
  /** The provider as set up now; at most a second behind a change, unless asked to look now. */
  providerFor(workspaceId: string, channel: Channel, options?: { lookNow?: boolean }): Promise<Provider>;
  /** What keeps settings from being used, beyond their form. Empty: they may be saved. */
  problemsOf(input: ProviderInput): Problem[];
  close(): Promise<void>;
}

export interface ProviderDirectoryOptions {
  /** The owner's login: a member may not read secrets. */
  db: Db;
  masterKey: Buffer;
  log: Logger;
  /** What the operator allows SMTP hosts to be. Default: public hosts, mail ports. */
  smtpHosts?: SmtpHostRules;
  /** How long a look at the settings counts as fresh, in milliseconds. */
  freshFor?: number;
}

interface Entry {
  provider: Provider;
  /** Undefined: nothing was set. */
  revision: string | undefined;
  checkedAt: number;
}

export function createProviderDirectory(options: ProviderDirectoryOptions): ProviderDirectory {
  const { db, log, freshFor = 1000, smtpHosts = { allowPrivateHosts: false, extraPorts: [] } } = options;
  const box = createSecretBox(options.masterKey);
  const entries = new Map<string, Entry>();
  /** Many chunks ask at once: one of them looks, the others wait for its answer. */
  const looking = new Map<string, Promise<Entry>>();

  return {
    async providerFor(workspaceId, channel, { lookNow = false } = {}) {
      const key = `${channel}/${workspaceId}`;
      const known = entries.get(key);
      if (!lookNow && known && performance.now() - known.checkedAt < freshFor) return known.provider;
      // A look under way may have begun before the change that the caller has just made.
      let look = lookNow ? undefined : looking.get(key);
      if (!look) {
        look = lookAgain(key, workspaceId, channel).finally(() => looking.delete(key));
        looking.set(key, look);
      }
      return (await look).provider;
    },

    problemsOf: (input) => (input.provider === "smtp" ? smtpHostProblems(input.settings, smtpHosts) : []),

    async close() {
      const providers = [...entries.values()].map((entry) => entry.provider);
      entries.clear();
      await Promise.all(providers.map((provider) => provider.close?.()));
    },
  };

  async function lookAgain(key: string, workspaceId: string, channel: Channel): Promise<Entry> {
    const checkedAt = performance.now();
    const known = entries.get(key);
    if (known && (await findProviderRevision(db, { workspaceId, channel })) === known.revision) {
      known.checkedAt = checkedAt;
      return known;
    }
    const stored = await findProvider(db, { workspaceId, channel });
    const entry = { provider: build(workspaceId, channel, stored), revision: stored?.revision, checkedAt };
    entries.set(key, entry);
    // Not awaited: what is under way with the old settings may take a while, and nobody here waits for it.
    known?.provider.close?.().catch((error) => log.error({ err: error, workspaceId, channel }, "a replaced provider did not close"));
    return entry;
  }

  function build(workspaceId: string, channel: Channel, stored: StoredProvider | undefined): Provider {
    const name = stored?.provider ?? defaultProvider;
    if (name === "catch") return captureProvider(channel);
    if (name !== "smtp" || channel !== "email" || !stored) {
      return unusable(name, "no_provider", `This version knows no provider "${name}" for this channel. Choose one in the settings.`);
    }
    const settings = SmtpSettings.safeParse(stored.settings);
    if (!settings.success) return unusable(name, "provider_unavailable", "The stored SMTP settings cannot be used. Save them again.");
    try {
      const password = stored.secrets === null ? undefined : box.open(providerSecretPlace({ workspaceId, channel }), stored.secrets);
      return smtpProvider({ settings: settings.data, password, rules: smtpHosts });
    } catch (error) {
      if (!(error instanceof SecretUnreadable)) throw error;
      log.error({ err: error, workspaceId, channel }, "the secret of a provider cannot be read");
      return unusable(name, "provider_unavailable", error.message);
    }
  }
}

/** Settings that cannot work make their messages fail with the words that help, and can be mended meanwhile. */
function unusable(name: string, reason: Reason, message: string): Provider {
  return { name, from: null, concurrency: 64, send: async () => ({ outcome: "rejected", reason, message, retryable: true }) };
}
