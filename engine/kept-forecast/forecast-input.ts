import { mostForecast } from "#contract/forecasts.ts";
import { channels } from "#contract/messages.ts";
import type { ForecastSendInput } from "../engine-api.ts";
import type { EngineContext } from "../engine-context.ts";
import { NonRetriableError } from "../flow/node-executor.ts";
import type { ProviderNames } from "../forecast/rehearse.ts";
import type { ForecastInput } from "../forecast/stage.ts";

/** A channel whose provider cannot be loaded just now is taken to be well: it is tried again until it is. */
export async function toForecastInput(context: EngineContext, input: ForecastSendInput): Promise<ForecastInput> {
  const providers: ProviderNames = {};
  for (const channel of channels) {
    try {
      const { name } = await context.providerFor(input.workspaceId, channel);
      providers[channel] = { name };
    } catch (error) {
      if (error instanceof NonRetriableError) providers[channel] = error;
    }
  }
  return { ...input, providers, most: mostForecast, pageSize: context.workSizes.forecastPage };
}
