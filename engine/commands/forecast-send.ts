import type { ContactForecast, Forecast, ForecastContacts } from "#contract/forecasts.ts";
import { mostForecast } from "#contract/forecasts.ts";
import { type Channel, channels } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { ForecastSendInput } from "../engine-api.ts";
import type { EngineContext } from "../engine-context.ts";
import { NonRetriableError } from "../flow/node-executor.ts";
import { forecast } from "../forecast/forecast.ts";
import type { ForecastInput } from "../forecast/stage.ts";
import { walkAudience } from "../forecast/walk-audience.ts";
import { describeWay, WayKeeper } from "../forecast/way.ts";
import { WhoKeeper } from "../forecast/who.ts";

export const forecastSend = async (context: EngineContext, input: ForecastSendInput): Promise<Forecast> =>
  forecast(context, await toInput(context, input));

export async function listForecastContacts(
  context: EngineContext,
  input: ForecastSendInput,
  which: { reason: Reason; nodeId?: string | undefined },
): Promise<ForecastContacts> {
  const keeper = new WhoKeeper(which);
  await walkAudience(context, await toInput(context, input), keeper);
  return keeper.found();
}

export async function forecastContact(context: EngineContext, input: ForecastSendInput): Promise<ContactForecast> {
  const keeper = new WayKeeper();
  const { flow } = await walkAudience(context, await toInput(context, { ...input, oncePerAddress: false }), keeper).catch(
    (error: unknown) => {
      if (!(error instanceof EngineRefusal) || error.code !== "nothing_selected") throw error;
      throw new EngineRefusal("contact_not_found", "This contact does not exist in this workspace.");
    },
  );
  return describeWay(keeper, flow);
}

/** A channel whose provider cannot be loaded just now is taken to be well: it is tried again until it is. */
async function toInput(context: EngineContext, input: ForecastSendInput): Promise<ForecastInput> {
  const refusedChannels: Partial<Record<Channel, NonRetriableError>> = {};
  for (const channel of channels) {
    await context.providerFor(input.workspaceId, channel).catch((error: unknown) => {
      if (error instanceof NonRetriableError) refusedChannels[channel] = error;
    });
  }
  return { ...input, refusedChannels, most: mostForecast };
}
