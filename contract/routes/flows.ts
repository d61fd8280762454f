import { z } from "zod";
import { FlowFolder } from "../flow-folders.ts";
import { Flow, FlowCopy, FlowFromTemplate, FlowInput, FlowRename, FlowSummary, FlowTemplate } from "../flows.ts";
import { MessagePreviewQuestion } from "../message-preview-requests.ts";
import { MessagePreview } from "../message-previews.ts";
import { NodeTypeDescription } from "../node-types.ts";
import { byId, defineRoute, member } from "../route.ts";

const aboutMergeFields =
  'Texts may hold merge fields: `{{ firstname | default: "there" }}`, `{{ custom["Company Name"] }}` or by its key `{{ company_name }}`, ' +
  "`{{ trigger.order.id }}`, `{{ variables.code }}`, `{{ steps.order.total }}`, `{{ workspace.name }}`; filters are default, upcase, downcase, " +
  "capitalize, number, date and url. Values are escaped for where they stand, also in links. A field that cannot be read " +
  "(`bad_merge_field`) or can never have a value (`unknown_field`) is refused: each of the `problems` has its node, the `field` of the " +
  "node's configuration, a `code` and mostly a `suggestion`.";

const needsOfSteps =
  "An API key also needs the scopes of what the steps do: `contacts:write` for steps that change the contact, `contacts:read` for webhooks, `secrets:use` for webhooks with secrets, `flows:send` for steps that start or end other flows.";

export const flowRoutes = {
  listFlows: defineRoute({
    method: "GET",
    path: "/api/flows",
    tag: "Flows",
    summary: "All flows that are not archived, by name; or those that are",
    auth: member("viewer", "flows:read"),
    query: z.strictObject({ archived: z.enum(["no", "only"]).default("no") }),
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
  previewMessage: defineRoute({
    heavy: true,
    method: "POST",
    path: "/api/flows/:id/message-preview",
    tag: "Flows",
    summary: "A message of a flow as it would leave for the first contact of a selection",
    description:
      "Fills in the text by the code that sends it, for the first contact of the selection: the first that is there of named ids, or the oldest that matches the filter. It sends and writes nothing. A key needs `flows:read` and `contacts:read`.",
    auth: member("viewer", "flows:read"),
    params: byId,
    body: MessagePreviewQuestion,
    response: MessagePreview,
    bodyLimit: 1024 * 1024,
    changesNothing: true,
  }),
  createFlow: defineRoute({
    method: "POST",
    path: "/api/flows",
    tag: "Flows",
    summary: "Create a flow; a graph with errors is refused with all of them",
    description: `${aboutMergeFields}\n\n${needsOfSteps}`,
    auth: member("editor", "flows:write"),
    body: FlowInput,
    response: Flow,
    status: 201,
    bodyLimit: 1536 * 1024,
    audit: "flow.create",
  }),
  updateFlow: defineRoute({
    method: "PUT",
    path: "/api/flows/:id",
    tag: "Flows",
    summary: "Replace a flow's name and graph; what runs keeps the version it began with",
    description: `${aboutMergeFields}\n\n${needsOfSteps}`,
    auth: member("editor", "flows:write"),
    params: byId,
    body: FlowInput,
    response: Flow,
    bodyLimit: 1536 * 1024,
    audit: "flow.update",
  }),
  renameFlow: defineRoute({
    method: "PATCH",
    path: "/api/flows/:id",
    tag: "Flows",
    summary: "Rename a flow; refused as `flow_name_taken` where another flow has the name",
    auth: member("editor", "flows:write"),
    params: byId,
    body: FlowRename,
    response: Flow,
    audit: "flow.rename",
  }),
  duplicateFlow: defineRoute({
    method: "POST",
    path: "/api/flows/:id/duplicate",
    tag: "Flows",
    summary: "Copy what is edited of a flow into the draft of a new one, without its history",
    description: "The copy cannot be sent before it is published.",
    auth: member("editor", "flows:write"),
    params: byId,
    body: FlowCopy,
    response: Flow,
    status: 201,
    audit: "flow.duplicate",
  }),
  listNodeTypes: defineRoute({
    method: "GET",
    path: "/api/node-types",
    tag: "Flows",
    summary: "The types of steps, each with the JSON Schema of its settings",
    auth: member("viewer", "flows:read"),
    response: z.object({ items: z.array(NodeTypeDescription) }),
  }),
  listFlowTemplates: defineRoute({
    method: "GET",
    path: "/api/flow-templates",
    tag: "Flows",
    summary: "The flows that ship with the product",
    auth: member("viewer", "flows:read"),
    response: z.object({ items: z.array(FlowTemplate) }),
  }),
  createFlowFromTemplate: defineRoute({
    method: "POST",
    path: "/api/flows/from-template",
    tag: "Flows",
    summary: "Add a flow that ships with the product",
    auth: member("editor", "flows:write"),
    body: FlowFromTemplate,
    response: Flow,
    status: 201,
    audit: "flow.create",
  }),
};
