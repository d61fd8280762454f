import { z } from "zod";
import { FlowExportQuery, FlowFile, FlowImport, FlowImported, ImportedFlowFile, ImportReport, longestFlowFile } from "../flow-files.ts";
import { byId, defineRoute, member } from "../route.ts";

const tag = "Flows";

export const flowFileRoutes = {
  exportFlow: defineRoute({
    method: "GET",
    path: "/api/flows/:id/export",
    tag,
    summary: "A flow as a file, to keep, to compare or to import elsewhere",
    description:
      "What the flow needs beside it (secrets by name, custom fields, tags, other flows) is listed in `requires` and is not part of the file. " +
      "`as=imported` gives a flow back in the spelling in which it was imported; what was changed since stands in the form of Sluice.",
    auth: member("viewer", "flows:read"),
    params: byId,
    query: FlowExportQuery,
    response: z.union([FlowFile, ImportedFlowFile]),
  }),
  importFlow: defineRoute({
    method: "POST",
    path: "/api/flows/import",
    tag,
    summary: "Make a flow of a file; it lands in a draft, with a report of what became of each step",
    description:
      "Takes files of Sluice and flows as other products store them: typed nodes, `action` nodes with one or several actions, and the oldest with " +
      "`message`, `delay` and `condition`, in hyphen, underscore and camel case. Steps without a counterpart are kept as they came in and keep the flow " +
      "from being published. A file that cannot be kept as a draft is refused as `flow_file_invalid`, with everything that is wrong with it. " +
      "`GET /api/flows/:id/import-report` tells later what is still to do.",
    auth: member("editor", "flows:write"),
    body: FlowImport,
    response: FlowImported,
    status: 201,
    // The text of the file, escaped as JSON.
    bodyLimit: longestFlowFile * 2,
    audit: "flow.import",
  }),
  getImportReport: defineRoute({
    method: "GET",
    path: "/api/flows/:id/import-report",
    tag,
    summary: "What became of the steps of an imported flow, and what is still to choose",
    description: "It is read from the draft: a step that was changed since it was imported is no longer told.",
    auth: member("viewer", "flows:read"),
    params: byId,
    response: ImportReport,
  }),
};
