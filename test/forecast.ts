import type { FlowGraph } from "#contract/flows.ts";
import { createStillClock } from "#engine/base/clock.ts";
import { forecast } from "#engine/forecast/forecast.ts";
import type { ForecastInput } from "#engine/forecast/stage.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import { db, workspaceId } from "./engine-fixture.ts";
import { buildFlow } from "./factories.ts";

/** A Monday at noon, in a year that is not over before these tests are. */
export const noon = new Date("2040-01-02T12:00:00Z");

/** The forecast of a send to everybody, as if it were pressed at that noon. It may walk as long as the machine needs. */
export async function look(flow: FlowGraph | string, more: Partial<ForecastInput> = {}) {
  const flowId = typeof flow === "string" ? flow : await buildFlow(db.owner, workspaceId, flow);
  return forecast(
    { db: db.owner, clock: createStillClock(noon), nodes: nodeRegistry },
    {
      workspaceId,
      flowId,
      selection: { type: "filter", filter: { tests: [] }, excluded: [] },
      providers: {},
      most: 2_000,
      // A clock of the test's own does not go slower on a slower machine.
      ...(more.elapsed === undefined && { mostMs: Number.POSITIVE_INFINITY }),
      ...more,
    },
  );
}

/** A time of that January, as "01T09:00". */
export const at = (time: string) => `2040-01-${time}:00.000Z`;
export const nodeOf = ({ nodes }: Awaited<ReturnType<typeof look>>, id: string) => nodes.find(({ nodeId }) => nodeId === id);
