import { byId, defineRoute, member } from "../route.ts";
import { Simulation, SimulationInput } from "../simulations.ts";

export const simulationRoutes = {
  simulateFlow: defineRoute({
    heavy: true,
    waitsOutside: true,
    method: "POST",
    path: "/api/flows/:id/simulations",
    tag: "Flows",
    summary: "Walk a flow for one contact on a virtual clock; nothing is sent and nothing is kept",
    description:
      "The engine itself walks the draft, what is live, or the `graph` of the request, for a contact of the workspace or one that is typed in. " +
      "Waits take no time: the clock moves to what comes next. What happens meanwhile (`events`), the answers of webhooks and the share that a split " +
      "takes are said in the request. Messages are filled in and go nowhere, no address is called, and all that was written is rolled back. The answer " +
      "has each step with its virtual times, its message and the values that it compared. A simulation ends after 1,000 steps, 366 days or 5 seconds; " +
      "`end` says so. Two run at a time, one of a workspace; who has had no turn after 15 seconds is refused as `simulator_busy`. Messages that the contact has had before do not count against " +
      "limits for a contact, and whether the contact was in the flow before is not asked. A key needs `flows:read` and `contacts:read`.",
    auth: member("viewer", "flows:read"),
    params: byId,
    body: SimulationInput,
    response: Simulation,
    bodyLimit: 1024 * 1024,
    changesNothing: true,
  }),
};
