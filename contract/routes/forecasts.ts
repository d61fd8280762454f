import { ContactForecast, Forecast, ForecastContacts, mostForecast, mostForecastNames } from "../forecasts.ts";
import { defineRoute, member } from "../route.ts";
import { ContactForecastQuestion, ForecastContactsQuestion, ForecastQuestion } from "../sends.ts";

const many = mostForecast.toLocaleString("en");
const common = {
  heavy: true,
  waitsOutside: true,
  method: "POST",
  tag: "Sends",
  auth: member("editor", "flows:send"),
  bodyLimit: 1024 * 1024,
  changesNothing: true,
} as const;

export const forecastRoutes = {
  forecastSend: defineRoute({
    ...common,
    path: "/api/forecasts",
    summary: "What a send would do if it began now",
    description:
      `Walks each of up to ${many} contacts through the flow by the engine's own code, and sends and keeps nothing. The body is that of a send. ` +
      "With its `sendId` what is drawn by chance is drawn as the send will draw it. A change of a contact or of the flow after the answer is not in it; " +
      "ask again. What nobody can know is assumed, and `assumed` says where: a webhook succeeds and names no fields, another flow starts, nobody replies " +
      "or changes meanwhile. More contacts are refused as `forecast_too_large`, and so is what takes longer than ten seconds to walk. A key needs `contacts:read`, `flows:read` and `flows:send`.",
    body: ForecastQuestion,
    response: Forecast,
  }),
  listForecastContacts: defineRoute({
    ...common,
    path: "/api/forecasts/contacts",
    summary: "Who would not start, or get nothing at a step, for one reason",
    description: `Answers with the number of contacts and the first ${mostForecastNames} of them.`,
    body: ForecastContactsQuestion,
    response: ForecastContacts,
  }),
  forecastContact: defineRoute({
    ...common,
    path: "/api/forecasts/contact",
    summary: "The way of one contact through a flow if it began now, with each message filled in",
    body: ContactForecastQuestion,
    response: ContactForecast,
  }),
};
