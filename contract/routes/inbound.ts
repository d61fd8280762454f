import { z } from "zod";
import { defineRoute, none } from "../route.ts";

export const inboundRoutes = {
  takeInbound: defineRoute({
    method: "POST",
    path: "/api/inbound/:channel/:workspaceId",
    tag: "Providers",
    summary: "A provider reports what became of messages, or hands over what people wrote",
    description:
      "For providers only: the call is signed by the account of the workspace, in the provider's own way, over this address as it is reached from outside (PUBLIC_URL). It is stored, answered, and then acted on once, however often it comes.",
    auth: { kind: "signature" },
    kind: "raw",
    // SendGrid sends up to 768 KiB of events at once.
    bodyLimit: 1024 * 1024,
    params: z.strictObject({ channel: z.string(), workspaceId: z.string() }),
    // Providers may put words of their own behind the address.
    query: z.record(z.string(), z.unknown()),
    response: none,
    status: 204,
  }),
};
