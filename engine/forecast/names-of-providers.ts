import { channels } from "#contract/messages.ts";
import type { EngineContext } from "../engine-context.ts";
import { NonRetriableError } from "../flow/node-executor.ts";
import type { ProviderNames } from "./rehearse.ts";

/** A channel whose provider cannot be loaded just now is taken to be well: it is tried again until it is. */
export async function namesOfProviders({ providerFor }: Pick<EngineContext, "providerFor">, workspaceId: string): Promise<ProviderNames> {
  const providers: ProviderNames = {};
  for (const channel of channels) {
    try {
      const { name } = await providerFor(workspaceId, channel);
      providers[channel] = { name };
    } catch (error) {
      if (error instanceof NonRetriableError) providers[channel] = error;
    }
  }
  return providers;
}
