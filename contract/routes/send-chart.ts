import { byId, defineRoute, member } from "../route.ts";
import { SendChart, SendChartQuery } from "../send-chart.ts";

export const sendChartRoutes = {
  getSendChart: defineRoute({
    heavy: true,
    method: "GET",
    path: "/api/sends/:id/chart",
    tag: "Sends",
    summary: "What happened of a send over time, in minutes, hours, days or months",
    description:
      "The unit is chosen by the time from the first to the last event, so that there are 500 buckets at most. With `nodeId` only what happened at this step, and of its messages, is counted. Days and months begin in the zone of the workspace. Where it takes longer than a statement may, the answer is `count_took_too_long`.",
    auth: member("viewer", "executions:read"),
    params: byId,
    query: SendChartQuery,
    response: SendChart,
  }),
};
