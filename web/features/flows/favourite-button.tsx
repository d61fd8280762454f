import { useQuery } from "@tanstack/react-query";
import { Star } from "lucide-react";
import { IconButton } from "#ui/icon-button.tsx";
import { flowsQuery } from "#web/entities/flows/flow-queries.ts";
import { useMarkFavourite } from "./use-favourite.ts";

/** Makes the flow a favourite of one's own, or no longer. An archived flow is in no list of favourites, so it has none. */
export function FavouriteButton({ flowId }: { flowId: string }) {
  const flow = useQuery({ ...flowsQuery, select: ({ items }) => items.find(({ id }) => id === flowId) }).data;
  const mark = useMarkFavourite();
  if (!flow) return null;
  const isOn = mark.isPending ? !mark.variables.favourite : flow.favourite;
  return (
    <IconButton
      icon={Star}
      label={isOn ? "Remove from your favourites" : "Add to your favourites"}
      aria-pressed={isOn}
      css={isOn ? { "& svg": { fill: "currentColor" } } : undefined}
      tooltip="title"
      disabled={mark.isPending}
      onClick={() => mark.mutate(flow)}
    />
  );
}
