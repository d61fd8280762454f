import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FlowFolder } from "#contract/flow-folders.ts";
import { toast } from "#ui/toaster.tsx";
import { refreshFlows } from "#web/entities/flows/flow-queries.ts";
import { api } from "#web/lib/api.ts";
import { folderChoices } from "./flow-order.ts";

export interface Movable {
  id: string;
  name: string;
  folderId: string | null;
}
interface Move {
  flow: Movable;
  /** Null: out of all folders. */
  to: string | null;
}

export const tellNotMoved = ({ name }: Pick<Movable, "name">, { message }: Error): void =>
  toast({ status: "error", title: `“${name}” was not moved`, description: message });

/** Puts a flow into a folder, says where it is now, and offers to take it back. */
export function useMoveFlow(folders: readonly FlowFolder[]) {
  const client = useQueryClient();
  const move = useMutation({
    mutationFn: ({ flow, to }: Move) => api("moveFlow", { params: { id: flow.id }, body: { folderId: to } }),
    onSuccess: (_, { flow, to }) => {
      const place = folderChoices(folders).find(({ value }) => value === to)?.label;
      toast({
        status: "success",
        title: place ? `“${flow.name}” is in “${place}” now` : `“${flow.name}” is in no folder now`,
        action: { label: "Undo", onClick: () => void undo({ flow: { ...flow, folderId: to }, to: flow.folderId }) },
      });
      void refreshFlows(client);
    },
  });
  const undo = (back: Move) => move.mutateAsync(back).catch((error: Error) => tellNotMoved(back.flow, error));
  return move;
}
