import { z } from "zod";
import {
  ContactForecast,
  ForecastContact,
  ForecastContactsQuery,
  forecastAtOnce,
  forecastDays,
  KeptForecast,
  keptForecasts,
  mostForecast,
  mostForecastsUnderWay,
} from "../forecasts.ts";
import { PageQuery, pageOf } from "../pagination.ts";
import { byId, defineRoute, member } from "../route.ts";
import { DifferingContact, SendForecast } from "../send-forecasts.ts";
import { ContactForecastQuestion, ForecastQuestion } from "../send-requests.ts";

const [few, many] = [forecastAtOnce, mostForecast].map((count) => count.toLocaleString("en"));
const common = { tag: "Sends", auth: member("editor", "flows:send") } as const;
/** Nothing of the workspace is changed by looking, so the log of changes has no line of it. */
const asks = { ...common, method: "POST", heavy: "walks", waitsOutside: true, bodyLimit: 1024 * 1024, changesNothing: true } as const;

export const forecastRoutes = {
  forecastSend: defineRoute({
    ...asks,
    path: "/api/forecasts",
    summary: "What a send would do if it began now",
    description:
      `Walks each contact through the flow by the engine's own code, and sends nothing. The body is that of a send. Up to ${few} contacts are ` +
      `looked at before the answer. Of more, up to ${many}, the answer is 202 at once, with the state "waiting"; a worker looks at them, and ` +
      "`GET /api/forecasts/:id` and its events tell the figures so far. With its `sendId` what is drawn by chance is drawn as the send will draw it. " +
      "Contacts are looked at as they are then. What nobody can know is assumed, and `assumed` says where: a webhook succeeds and names no fields, " +
      "another flow starts, nobody replies or changes meanwhile. More contacts are refused as `forecast_too_large`. Whoever asks anew ends their " +
      `forecast under way. A workspace has ${mostForecastsUnderWay} under way at most; another is refused as \`workspace_busy\`. The last ${keptForecasts} forecasts of a workspace are kept for a day, ` +
      `and one for ${forecastDays} days if a send named it. A key needs \`contacts:read\`, \`flows:read\` and \`flows:send\`.`,
    body: ForecastQuestion,
    response: KeptForecast,
  }),
  getForecast: defineRoute({
    ...common,
    method: "GET",
    path: "/api/forecasts/:id",
    summary: "A forecast with its figures so far",
    params: byId,
    response: KeptForecast,
  }),
  forecastEvents: defineRoute({
    ...common,
    method: "GET",
    path: "/api/forecasts/:id/events",
    summary: "Progress of a forecast: every event is a full snapshot; ends when the forecast does",
    kind: "sse",
    params: byId,
    query: z.strictObject({ workspaceId: z.string().max(100).optional() }),
    response: KeptForecast,
  }),
  listForecastContacts: defineRoute({
    heavy: true,
    ...common,
    method: "GET",
    path: "/api/forecasts/:id/contacts",
    summary: "Who would not start, or get nothing, for one reason",
    params: byId,
    query: ForecastContactsQuery,
    response: pageOf(ForecastContact),
  }),
  cancelForecast: defineRoute({
    ...common,
    method: "POST",
    path: "/api/forecasts/:id/cancel",
    summary: "Stop looking; one that is over stays as it is",
    params: byId,
    response: KeptForecast,
    changesNothing: true,
  }),
  forecastContact: defineRoute({
    ...asks,
    path: "/api/forecasts/contact",
    summary: "The way of one contact through a flow if it began now, with each message filled in",
    body: ContactForecastQuestion,
    response: ContactForecast,
  }),
  getSendForecast: defineRoute({
    heavy: true,
    method: "GET",
    path: "/api/sends/:id/forecast",
    tag: "Sends",
    summary: "What was forecast of a send beside what came",
    description: "Counted from the rows of both. A send that named no forecast, or whose forecast is no longer kept, has none.",
    auth: member("viewer", "executions:read"),
    params: byId,
    response: SendForecast,
  }),
  listDifferingContacts: defineRoute({
    heavy: true,
    method: "GET",
    path: "/api/sends/:id/forecast/contacts",
    tag: "Sends",
    summary: "The contacts of a send that went another way than was forecast",
    auth: member("viewer", "executions:read"),
    params: byId,
    query: PageQuery,
    response: pageOf(DifferingContact),
  }),
};
