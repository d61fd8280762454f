import { type Secrets, secretsToText } from "#channels/provider-secrets.ts";
import { findProvider, inputOf, type NamedProvider, providers } from "#channels/providers.ts";
import type { Channel } from "#contract/messages.ts";
import type { ProviderInput, ProviderState } from "#contract/providers.ts";
import type { Tx } from "#db/client.ts";
import { providerSecretPlace, saveProvider } from "#db/queries/providers.ts";
import { createSecretBox } from "#db/secret-box.ts";
import type { ProviderDirectory } from "../compose/provider-directory.ts";
import { invalid } from "../http/errors.ts";
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

/**
 * Stores which provider a channel uses from now on, with its settings and secrets.
 * @throws ApiError `invalid_request` with everything that is wrong with the settings.
 */
export async function setProvider(
  db: Tx,
  { directory, masterKey, workspaceId, userId, channel, input }: SetProvider,
): Promise<ProviderState> {
  const provider = providerOf(channel, input.provider);
  const { settings, secrets } = readInput(provider, input);
  const { definition } = provider;
  const stored = await readProviderState(db, workspaceId, channel);
  const problems = [
    ...directory.problemsOf(channel, provider.name, settings),
    ...(definition.secretProblems?.({ settings, secrets, stored }) ?? []),
  ];
  if (problems.length > 0) throw invalid(problems);

  // Null forgets the stored secret, undefined keeps it. A secret that the settings never use is not kept.
  const text = definition.usesSecrets?.(settings) ? secretsToText(definition, secrets) : null;
  const place = providerSecretPlace({ workspaceId, channel });
  const sealed = typeof text === "string" ? createSecretBox(masterKey).seal(place, text) : text;
  await saveProvider(db, { workspaceId, channel, provider: provider.name, updatedBy: userId, settings, secrets: sealed });
  return readProviderState(db, workspaceId, channel);
}

function providerOf(channel: Channel, name: string): NamedProvider {
  const found = findProvider(channel, name);
  if (found) return found;
  const possible = Object.keys(providers[channel]).join(", ");
  throw invalid([{ path: "provider", message: `${name} cannot send on this channel. Possible here: ${possible}` }]);
}

function readInput(provider: NamedProvider, input: ProviderInput): { settings: Record<string, unknown>; secrets: Secrets } {
  const parsed = inputOf(provider).safeParse(input);
  if (!parsed.success) throw invalid(toProblems(parsed.error));
  const { provider: _, settings, ...secrets } = parsed.data;
  return { settings, secrets: secrets as Secrets };
}
