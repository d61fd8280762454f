import { z } from "zod";
import { Uuid } from "./pagination.ts";
import { requiredText } from "./required-text.ts";

export const FlowFolder = z.object({ id: Uuid, name: z.string(), parentId: Uuid.nullable() });
export type FlowFolder = z.infer<typeof FlowFolder>;

const FolderName = requiredText(200);

export const NewFlowFolder = z.strictObject({
  name: FolderName,
  /** The folder that it stands in; null: in none. */
  parentId: Uuid.nullable().default(null),
});
export type NewFlowFolder = z.infer<typeof NewFlowFolder>;

export const FlowFolderPatch = z
  .strictObject({ name: FolderName.optional(), parentId: Uuid.nullable().optional() })
  .refine((patch) => Object.keys(patch).length > 0, "Give a name or a parentId");
export type FlowFolderPatch = z.infer<typeof FlowFolderPatch>;

/** Folders stand in each other to this depth; the outermost counts too. */
export const deepestFolder = 10;

export const FlowPlace = z.strictObject({ folderId: Uuid.nullable() });
