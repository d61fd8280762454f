import type { Problem } from "#contract/api-errors.ts";
import type { Channel } from "#contract/messages.ts";
import { type ProviderInput, type ProviderState, providerNames, SmtpSettings } from "#contract/providers.ts";
import type { Tx } from "#db/client.ts";
import { listProviders, providerSecretPlace, saveProvider } from "#db/queries/providers.ts";
import { createSecretBox } from "#db/secret-box.ts";
import type { ProviderDirectory } from "../compose/provider-directory.ts";
import { invalid } from "../http/errors.ts";

interface Given {
  providers: ProviderDirectory;
  masterKey: Buffer;
  workspaceId: string;
  userId: string;
  channel: Channel;
  input: ProviderInput;
}

export async function setProvider(db: Tx, given: Given): Promise<ProviderState> {
  const { workspaceId, channel, input } = given;
  const stored = await stateOf(db, workspaceId, channel);
  const problems = [...channelProblems(channel, input), ...given.providers.problemsOf(input), ...passwordProblems(stored, input)];
  if (problems.length > 0) throw invalid(problems);
  await saveProvider(db, {
    workspaceId,
    channel,
    provider: input.provider,
    updatedBy: given.userId,
    settings: input.provider === "smtp" ? input.settings : {},
    secrets: sealedPassword(given),
  });
  return stateOf(db, workspaceId, channel);
}

/** Undefined keeps what is stored, null forgets it. A password without a user name is never used, so it is not kept. */
function sealedPassword({ masterKey, workspaceId, channel, input }: Given): string | null | undefined {
  if (input.provider !== "smtp" || !input.settings.username) return null;
  if (!input.password) return undefined;
  return createSecretBox(masterKey).seal(providerSecretPlace({ workspaceId, channel }), input.password);
}

function channelProblems(channel: Channel, { provider }: ProviderInput): Problem[] {
  const allowed: readonly string[] = providerNames[channel];
  if (allowed.includes(provider)) return [];
  return [{ path: "provider", message: `${provider} cannot send on this channel. Possible here: ${allowed.join(", ")}` }];
}

function passwordProblems(stored: ProviderState, input: ProviderInput): Problem[] {
  if (input.provider !== "smtp") return [];
  const { settings, password } = input;
  if (!settings.username) {
    return password ? [{ path: "settings.username", message: "A password needs a user name to go with it" }] : [];
  }
  if (password === "" || (password === undefined && !stored.hasSecret)) {
    return [{ path: "password", message: "A user name needs its password; leave both out for a server that asks for neither" }];
  }
  // A stored password cannot be read by anybody. Sending it to a server of one's own choice would be reading it.
  const before = SmtpSettings.safeParse(stored.settings).data;
  if (password !== undefined || (before?.host === settings.host && before.port === settings.port)) return [];
  return [{ path: "password", message: "Enter the password again: it was stored for another server" }];
}

async function stateOf(db: Tx, workspaceId: string, channel: Channel): Promise<ProviderState> {
  const states = await listProviders(db, { workspaceId });
  return states.find((state) => state.channel === channel) as ProviderState;
}
