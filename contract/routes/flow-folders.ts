import { z } from "zod";
import { FlowFolder, FlowFolderPatch, FlowPlace, NewFlowFolder } from "../flow-folders.ts";
import { byId, defineRoute, done, member } from "../route.ts";

const tag = "Flows";

export const flowFolderRoutes = {
  createFlowFolder: defineRoute({
    method: "POST",
    path: "/api/flow-folders",
    tag,
    summary: "Create a folder for flows",
    auth: member("editor", "flows:write"),
    body: NewFlowFolder,
    response: FlowFolder,
    status: 201,
    audit: "flow_folder.create",
  }),
  updateFlowFolder: defineRoute({
    method: "PATCH",
    path: "/api/flow-folders/:id",
    tag,
    summary: "Rename a folder, or move it into another one",
    description: "A folder cannot be moved into itself or into a folder that stands in it (`folder_misplaced`).",
    auth: member("editor", "flows:write"),
    params: byId,
    body: FlowFolderPatch,
    response: FlowFolder,
    audit: "flow_folder.update",
  }),
  deleteFlowFolder: defineRoute({
    method: "DELETE",
    path: "/api/flow-folders/:id",
    tag,
    summary: "Delete a folder; its flows and folders move to the one that it stands in",
    auth: member("editor", "flows:write"),
    params: byId,
    response: done,
    audit: "flow_folder.delete",
  }),
  moveFlow: defineRoute({
    method: "PUT",
    path: "/api/flows/:id/folder",
    tag,
    summary: "Put a flow into a folder, or out of all folders",
    auth: member("editor", "flows:write"),
    params: byId,
    body: FlowPlace,
    response: z.object({ folderId: FlowPlace.shape.folderId }),
    audit: "flow.move",
  }),
};
