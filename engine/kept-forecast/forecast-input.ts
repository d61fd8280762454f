import { mostForecast } from "#contract/forecasts.ts";
import type { ForecastSendInput } from "../engine-api.ts";
import type { EngineContext } from "../engine-context.ts";
import { namesOfProviders } from "../forecast/provider-names.ts";
import type { ForecastInput } from "../forecast/stage.ts";

export async function toForecastInput(context: EngineContext, input: ForecastSendInput): Promise<ForecastInput> {
  const providers = await namesOfProviders(context, input.workspaceId);
  return { ...input, providers, most: mostForecast, pageSize: context.workSizes.forecastPage };
}
