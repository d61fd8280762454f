import type { Handlers } from "../http/handler.ts";

export const inboundRoutes = {
  takeInbound: async ({ inbound, resources, res }) => {
    await resources.engine.takeInbound(inbound);
    const { receipt, events } = inbound;
    // Some providers read the answer to a message as instructions.
    if (receipt && events.some(({ kind }) => kind === "received")) res.status(200).type(receipt.type).send(receipt.body);
    return undefined;
  },
} satisfies Pick<Handlers, "takeInbound">;
