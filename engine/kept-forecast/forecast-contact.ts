import type { ContactForecast } from "#contract/forecasts.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { EngineContext } from "../engine-context.ts";
import { walkAudience } from "../forecast/walk-audience.ts";
import { describeWay, WayKeeper } from "../forecast/way.ts";
import type { CreateSendInput, ForecastSendInput } from "../send-api.ts";
import { toForecastInput } from "./forecast-input.ts";

/** The way of one contact. Who has the same address is not looked at. `graph` is walked instead of the flow as it is live. */
export async function forecastContact(
  context: EngineContext,
  input: ForecastSendInput & Pick<CreateSendInput, "graph">,
): Promise<ContactForecast> {
  const keeper = new WayKeeper();
  const { flow } = await walkAudience(context, await toForecastInput(context, { ...input, oncePerAddress: false }), keeper).catch(
    (error: unknown) => {
      if (!(error instanceof EngineRefusal) || error.code !== "nothing_selected") throw error;
      throw new EngineRefusal("contact_not_found", "This contact does not exist in this workspace.");
    },
  );
  return describeWay(keeper, flow);
}
