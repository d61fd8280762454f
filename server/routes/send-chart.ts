import { namesThatStay } from "#channels/stays-here.ts";
import { isTimeout } from "#db/errors.ts";
import { findSendChart } from "#db/queries/send-chart.ts";
import { labelOfNodeType as labelOfType } from "../commands/flow-answers.ts";
import { notFound, refused } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";

export const sendChartRoutes = {
  getSendChart: async ({ db, workspaceId, params, query: { nodeId } }) => {
    const chart = await findSendChart(db, { workspaceId, sendId: params.id, nodeId, labelOfType, keptBy: namesThatStay }).catch(
      (error: unknown) => {
        if (!isTimeout(error)) throw error;
        throw refused("count_took_too_long", "This send is too large to be counted over time at the moment. Its totals are above.");
      },
    );
    if (!chart) throw notFound("send_not_found");
    return chart;
  },
} satisfies Pick<Handlers, "getSendChart">;
