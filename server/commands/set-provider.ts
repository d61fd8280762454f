import { changeSecrets, endsOfSecrets, namesOfSecrets, type Secrets, secretsInUse, secretsToText } from "#channels/provider-secrets.ts";
import { findProvider, inputOf, type NamedProvider } from "#channels/providers.ts";
import { sayIssueToCaller } from "#contract/issue-words.ts";
import type { Channel } from "#contract/messages.ts";
import type { ProviderInput, ProviderState } from "#contract/providers.ts";
import type { Tx } from "#db/client.ts";
import { keepFormerProvider } from "#db/queries/former-providers.ts";
import { providerSecretPlace, saveProvider } from "#db/queries/providers.ts";
import { createSecretBox } from "#db/secret-box.ts";
import type { ProviderDirectory } from "../compose/provider-directory.ts";
import { invalid, refused } from "../http/errors.ts";
import { toProblems } from "../http/parse-request.ts";
import { readProviderState } from "./provider-states.ts";

interface SetProvider {
  directory: ProviderDirectory;
  masterKey: Buffer;
  workspaceId: string;
  userId: string;
  channel: Channel;
  input: ProviderInput;
}

/** Milliseconds. A person waits for the answer on the settings page. */
const checkWithinMs = 15_000;

/**
 * Reaches the provider and signs in, because a server that cannot be reached would hold every message back.
 * @throws ApiError `provider_unavailable` with the reason in words
 */
export async function checkProvider({
  directory,
  typed: { provider, settings, secrets },
  ...account
}: Pick<SetProvider, "directory" | "workspaceId" | "channel"> & { typed: TypedProvider }): Promise<void> {
  const { workspaceId, channel } = account;
  const candidate = await directory.openWith({ workspaceId, channel, provider: provider.name, settings, secrets });
  try {
    const trouble = await candidate.check?.({ signal: AbortSignal.timeout(checkWithinMs) });
    if (trouble !== undefined) throw refused("provider_unavailable", `${trouble}. Nothing was changed.`);
  } finally {
    await candidate.close?.();
  }
}

/**
 * Stores which provider a channel uses from now on, with its settings and secrets.
 * @throws ApiError `invalid_request` with everything that is wrong with the settings
 */
export async function setProvider(db: Tx, given: SetProvider): Promise<ProviderState> {
  const { directory, masterKey, workspaceId, userId, channel } = given;
  const { provider, settings, secrets, usesSecrets } = await readProviderInput(db, given);
  // Null forgets what is stored, undefined keeps it. A secret that the settings never use is not kept.
  const text = !usesSecrets ? null : secrets && (secretsToText(provider.definition, secrets) ?? null);
  const place = providerSecretPlace({ workspaceId, channel });
  const sealed = typeof text === "string" ? createSecretBox(masterKey).seal(place, text) : text;
  if (await leavesAccount(db, { directory, workspaceId, channel }, { provider, settings }))
    await keepFormerProvider(db, { workspaceId, channel });
  const secretEnds = text === null ? {} : secrets && endsOfSecrets(provider.definition, secrets);
  await saveProvider(db, { workspaceId, channel, provider: provider.name, updatedBy: userId, settings, secrets: sealed, secretEnds });
  return readProviderState(db, workspaceId, channel);
}

/** Whether another account takes the place of one that calls us. */
async function leavesAccount(
  db: Tx,
  { directory, workspaceId, channel }: Pick<SetProvider, "directory" | "workspaceId" | "channel">,
  next: Pick<TypedProvider, "provider" | "settings">,
): Promise<boolean> {
  const before = await readProviderState(db, workspaceId, channel);
  const old = findProvider(channel, before.provider, directory.definitions);
  const accountOf = ({ definition }: NamedProvider, settings: unknown) => {
    const read = definition.settings.safeParse(settings);
    return read.success ? definition.accountOf?.(read.data) : undefined;
  };
  const account = old && accountOf(old, before.settings);
  return account !== undefined && (old?.name !== next.provider.name || accountOf(next.provider, next.settings) !== account);
}

interface TypedProvider {
  provider: NamedProvider;
  settings: Record<string, unknown>;
  /** Undefined: those that are stored. */
  secrets: Secrets | undefined;
  usesSecrets: boolean;
}

/**
 * The provider that a request describes.
 * @throws ApiError `invalid_request` with everything that is wrong with it.
 */
export async function readProviderInput(
  db: Tx,
  { directory, workspaceId, channel, input }: Pick<SetProvider, "directory" | "workspaceId" | "channel" | "input">,
): Promise<TypedProvider> {
  const provider = providerOf(directory, channel, input.provider);
  const { settings, secrets } = readInput(provider, input);
  const { definition } = provider;
  const { settings: before, hasSecret } = await readProviderState(db, workspaceId, channel);
  const storedSecrets = await directory.storedSecrets({ workspaceId, channel, provider: provider.name });
  const stored = { settings: before, hasSecret, secrets: namesOfSecrets(storedSecrets) };
  const problems = [
    ...directory.problemsOf(channel, provider.name, settings),
    ...(definition.secretProblems?.({ settings, secrets, stored }) ?? []),
  ];
  if (problems.length > 0) throw invalid(problems);
  const uses = definition.usesSecrets?.(settings) ?? false;
  const kept = changeSecrets(definition, { given: secrets, stored: storedSecrets });
  // One that the settings no longer go with is forgotten, also where nothing was typed.
  const dropsSome = namesOfSecrets(storedSecrets).length > namesOfSecrets(secretsInUse(storedSecrets, uses)).length;
  const changed = kept ?? (dropsSome ? storedSecrets : undefined);
  const usesSecrets = typeof uses === "boolean" ? uses : uses.length > 0;
  return { provider, settings, secrets: usesSecrets ? changed && secretsInUse(changed, uses) : {}, usesSecrets };
}

function providerOf({ definitions }: ProviderDirectory, channel: Channel, name: string): NamedProvider {
  const found = findProvider(channel, name, definitions);
  if (found) return found;
  const possible = Object.keys(definitions[channel]).join(", ");
  throw invalid([{ path: "provider", message: `${name} cannot send on this channel. Possible here: ${possible}` }]);
}

function readInput(provider: NamedProvider, input: ProviderInput): { settings: Record<string, unknown>; secrets: Secrets } {
  const parsed = inputOf(provider).safeParse(input, { error: sayIssueToCaller });
  if (!parsed.success) throw invalid(toProblems(parsed.error));
  const { provider: _, settings, ...secrets } = parsed.data;
  return { settings, secrets: secrets as Secrets };
}
