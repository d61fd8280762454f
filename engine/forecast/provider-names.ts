import { staysHere } from "#channels/stays-here.ts";
import { type Channel, channels } from "#contract/messages.ts";
import type { EngineContext } from "../engine-context.ts";
import { NonRetriableError } from "../flow/node-executor.ts";
import type { SenderChoice } from "../messages/ask-senders.ts";

/**
 * The provider of each channel by its name, its senders and their pace, because a forecast holds nothing that could send; or why there
 * is none.
 */
export type ProviderNames = Partial<Record<Channel, SenderChoice | NonRetriableError>>;

/** Whether messages of a channel with this provider never leave this machine. */
export const isKept = (provider: ProviderNames[Channel]): boolean =>
  provider !== undefined && !(provider instanceof Error) && staysHere(provider.name);

/** A channel whose provider cannot be loaded just now is taken to be well: it is tried again until it is. */
export async function namesOfProviders({ providerFor }: Pick<EngineContext, "providerFor">, workspaceId: string): Promise<ProviderNames> {
  const providers: ProviderNames = {};
  for (const channel of channels) {
    try {
      const { name, from, senders, paceOf, isOnThisMachine } = await providerFor(workspaceId, channel);
      providers[channel] = {
        name,
        from,
        ...(senders && { senders }),
        ...(paceOf && { paceOf }),
        ...(isOnThisMachine && { isOnThisMachine }),
      };
    } catch (error) {
      if (error instanceof NonRetriableError) providers[channel] = error;
    }
  }
  return providers;
}
