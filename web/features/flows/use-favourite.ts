import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Star, StarOff } from "lucide-react";
import { toast } from "#ui/toaster.tsx";
import { refreshFlows } from "#web/entities/flows/flow-queries.ts";
import { api } from "#web/lib/api.ts";

interface Markable {
  id: string;
  name: string;
  favourite: boolean;
}

/** Makes a flow a favourite of one's own, or no longer. It is on its way until the lists tell it too. */
export function useMarkFavourite() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, favourite }: Markable) => api("setFlowFavourite", { params: { id }, body: { favourite: !favourite } }),
    onSuccess: () => refreshFlows(client),
    onError: (error) => toast({ status: "error", title: "Your favourites were not changed", description: error.message }),
  });
}

/** The item of a menu that does so. */
export function useFavourite() {
  const mark = useMarkFavourite();
  return (flow: Markable) => ({
    label: flow.favourite ? "Remove from favourites" : "Add to favourites",
    icon: flow.favourite ? StarOff : Star,
    onSelect: () => mark.mutate(flow),
  });
}
