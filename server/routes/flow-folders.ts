import { createFlowFolder, deleteFlowFolder, moveFlow, updateFlowFolder } from "../commands/flow-folders.ts";
import type { Handlers } from "../http/handler.ts";

export const flowFolderRoutes = {
  createFlowFolder: async ({ db, workspaceId, body, note }) => {
    const folder = await createFlowFolder(db, { workspaceId, ...body });
    note({ subjectId: folder.id, subjectName: folder.name });
    return folder;
  },

  updateFlowFolder: async ({ db, workspaceId, params, body, note }) => {
    const folder = await updateFlowFolder(db, { workspaceId, id: params.id, ...body });
    note({ subjectId: folder.id, subjectName: folder.name });
    return folder;
  },

  deleteFlowFolder: async ({ db, workspaceId, params, note }) => {
    const { id, name } = await deleteFlowFolder(db, { workspaceId, id: params.id });
    note({ subjectId: id, subjectName: name });
    return { success: true as const };
  },

  moveFlow: async ({ db, workspaceId, params, body, note }) => {
    const { name, from } = await moveFlow(db, { workspaceId, id: params.id, folderId: body.folderId });
    note({ subjectId: params.id, subjectName: name, details: { from, to: body.folderId } });
    return { folderId: body.folderId };
  },
} satisfies Pick<Handlers, "createFlowFolder" | "updateFlowFolder" | "deleteFlowFolder" | "moveFlow">;
