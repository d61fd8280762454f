import { captureProvider } from "#channels/capture/send.ts";
import type { Provider } from "#channels/channel.ts";
import { type Channel, forEachChannel } from "#contract/messages.ts";
import type { PassContext } from "../effects/effect.ts";
import type { EngineContext } from "../engine-context.ts";

/** Loads each provider once per pass and channel. A test send gets one that sends nothing, whatever is set up. */
export function rememberProviders(context: EngineContext): PassContext["providerOf"] {
  const known = new Map<string, Promise<Provider | Error>>();
  return ({ send }, channel) => {
    const key = `${send.workspaceId} ${channel} ${send.isTest}`;
    const provider =
      known.get(key) ?? (send.isTest ? Promise.resolve(testProviders[channel]) : findProvider(context, send.workspaceId, channel));
    known.set(key, provider);
    return provider;
  };
}

const testProviders = forEachChannel(captureProvider);

async function findProvider({ providerFor, log }: EngineContext, workspaceId: string, channel: Channel): Promise<Provider | Error> {
  try {
    return await providerFor(workspaceId, channel);
  } catch (error) {
    log.error({ err: error, workspaceId, channel }, "the provider of a channel could not be loaded; its messages wait");
    return error instanceof Error ? error : new Error(String(error));
  }
}
