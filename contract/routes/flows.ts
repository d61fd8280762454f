import { z } from "zod";
import { Flow, FlowFolder, FlowGraph, FlowInput, FlowSummary } from "../flows.ts";
import { Uuid } from "../pagination.ts";
import { byId, defineRoute, member } from "../route.ts";

export const flowRoutes = {
  listFlows: defineRoute({
    method: "GET",
    path: "/api/flows",
    tag: "Flows",
    summary: "All flows, by name",
    auth: member("viewer", "flows:read"),
    response: z.object({ items: z.array(FlowSummary), folders: z.array(FlowFolder) }),
  }),
  getFlow: defineRoute({
    method: "GET",
    path: "/api/flows/:id",
    tag: "Flows",
    summary: "One flow with its graph and problems",
    auth: member("viewer", "flows:read"),
    params: byId,
    response: Flow,
  }),
  getFlowVersion: defineRoute({
    method: "GET",
    path: "/api/flow-versions/:id",
    tag: "Flows",
    summary: "The graph an execution follows",
    auth: member("viewer", "flows:read"),
    params: byId,
    response: z.object({ id: Uuid, flowId: Uuid, number: z.number().int(), name: z.string(), ...FlowGraph.shape }),
  }),
  createFlow: defineRoute({
    method: "POST",
    path: "/api/flows",
    tag: "Flows",
    summary: "Create a flow; a graph with errors is refused with all of them",
    auth: member("editor", "flows:write"),
    body: FlowInput,
    response: Flow,
    status: 201,
    bodyLimit: 512 * 1024,
    audit: "flow.create",
  }),
  updateFlow: defineRoute({
    method: "PUT",
    path: "/api/flows/:id",
    tag: "Flows",
    summary: "Replace a flow's name and graph; what runs keeps the version it began with",
    auth: member("editor", "flows:write"),
    params: byId,
    body: FlowInput,
    response: Flow,
    bodyLimit: 512 * 1024,
    audit: "flow.update",
  }),
};
