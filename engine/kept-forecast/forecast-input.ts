import { mostForecast } from "#contract/forecasts.ts";
import type { EngineContext } from "../engine-context.ts";
import { namesOfProviders } from "../forecast/provider-names.ts";
import type { ForecastInput } from "../forecast/stage.ts";
import type { CreateSendInput, ForecastSendInput } from "../send-api.ts";

export async function toForecastInput(
  context: EngineContext,
  input: ForecastSendInput & Pick<CreateSendInput, "graph">,
): Promise<ForecastInput> {
  const providers = await namesOfProviders(context, input.workspaceId);
  return { ...input, providers, most: mostForecast, pageSize: context.workSizes.forecastPage };
}
