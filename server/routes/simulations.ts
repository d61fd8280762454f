import type { Simulate } from "#engine/simulation/simulate.ts";
import { simulateFlow } from "../commands/simulate-flow.ts";
import { forbidden } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";
import { holdsScope, personBehind } from "../http/principal.ts";
import { countryOf } from "./contacts.ts";

export const simulationRoutes = {
  simulateFlow: async ({ inTransaction, resources, workspaceId, principal, params, body }) => {
    if (principal.kind === "key" && !holdsScope(principal.scopes, "contacts:read")) {
      throw forbidden("This API key lacks the scope contacts:read.");
    }
    const simulate: Simulate = (input) => resources.simulate({ ...input, person: personBehind(principal) });
    const country = await inTransaction((db) => countryOf(db, workspaceId, principal));
    return simulateFlow({ inTransaction, simulate, workspaceId, flowId: params.id, country, input: body });
  },
} satisfies Pick<Handlers, "simulateFlow">;
