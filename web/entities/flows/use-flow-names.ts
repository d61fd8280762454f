import { useQuery } from "@tanstack/react-query";
import { findDefinition } from "#nodes/definitions.ts";
import { flowQuery, flowVersionsQuery } from "./flow-queries.ts";

export interface Named {
  id: string;
  name: string;
}

/** The steps of a flow by their names, for filters and for what they say; empty until they are read. Without a flow nothing is. */
export function useStepNames(flowId: string | undefined): readonly Named[] {
  const { data } = useQuery({ ...flowQuery(flowId ?? ""), enabled: flowId !== undefined });
  return (data?.nodes ?? []).map(({ id, type, data: { label } }) => ({ id, name: label?.trim() || (findDefinition(type)?.label ?? type) }));
}

/** Its versions. */
export function useVersionNames(flowId: string | undefined): readonly Named[] {
  const { data } = useQuery({ ...flowVersionsQuery(flowId ?? ""), enabled: flowId !== undefined });
  return (data?.items ?? []).map(({ id, number, isLive }) => ({ id, name: `Version ${number}${isLive ? " (live)" : ""}` }));
}

export const nameOf = (all: readonly Named[], id: string): string => all.find((one) => one.id === id)?.name ?? id;
