import { asMember } from "#db/client.ts";
import { findFlow } from "#db/queries/flows.ts";
import { writeFavourite, writeOpened } from "#db/queries/member-flows.ts";
import { notFound } from "../http/errors.ts";
import { joinFlow } from "../http/flow-presence.ts";
import type { Handlers } from "../http/handler.ts";
import { openEventStream } from "../http/sse.ts";

export const flowPeopleRoutes = {
  flowPeople: async ({ resources, workspaceId, principal, params, query, inTransaction, res, signal }) => {
    const flow = await inTransaction((db) => findFlow(db, { workspaceId, id: params.id }));
    if (!flow) throw notFound("flow_not_found");
    const { userId, name } = principal;
    const of = { workspaceId, flowId: params.id, userId };
    await asMember(resources.apiDb, { userId, write: true }, (db) => writeOpened(db, of));
    const stream = openEventStream(res, signal);
    await joinFlow(resources, { ...of, tab: query.tab, name }, signal, (people) => stream.send({ people }));
    return undefined;
  },

  setFlowFavourite: async ({ db, workspaceId, principal, params, body, note }) => {
    const flow = await findFlow(db, { workspaceId, id: params.id });
    if (!flow) throw notFound("flow_not_found");
    await writeFavourite(db, { workspaceId, flowId: params.id, userId: principal.userId, ...body });
    note({ subjectId: params.id, details: body });
    return body;
  },
} satisfies Pick<Handlers, "flowPeople" | "setFlowFavourite">;
