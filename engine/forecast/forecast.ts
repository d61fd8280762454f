import type { Forecast } from "#contract/forecasts.ts";
import type { ForecastContext, ForecastInput } from "./stage.ts";
import { Tally } from "./tally.ts";
import { walkAudience } from "./walk-audience.ts";

/** What a send would do if it began now. */
export async function forecast(context: ForecastContext, input: ForecastInput): Promise<Forecast> {
  const tally = new Tally();
  return tally.toForecast(await walkAudience(context, input, tally));
}
