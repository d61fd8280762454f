import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FileUp, LayoutTemplate, Plus, SquarePlus } from "lucide-react";
import type { Ref } from "react";
import { Button } from "#ui/button.tsx";
import { ActionMenu } from "#ui/menu.tsx";
import { toast } from "#ui/toaster.tsx";
import { flowsQuery, refreshFlows } from "#web/entities/flows/flow-queries.ts";
import { api } from "#web/lib/api.ts";

/** A flow of nothing but its two ends, to build on. */
const beginning = {
  nodes: [
    { id: "start", type: "start", position: { x: 0, y: 0 }, data: { config: { reEntry: { rule: "any_time" } } } },
    { id: "end", type: "end", position: { x: 0, y: 120 }, data: { config: { result: "neutral" } } },
  ],
  edges: [{ id: "start-end", source: "start", target: "end" }],
};

interface NewFlowButtonProps {
  onMade: (flow: { id: string }) => void;
  onTemplate: () => void;
  onImport: () => void;
  ref?: Ref<HTMLButtonElement>;
}

/** The ways to begin a flow. What is live of a new one has no steps, so nobody can send it before it is published. */
export function NewFlowButton({ onMade, onTemplate, onImport, ref }: NewFlowButtonProps) {
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: async () => {
      const flow = await api("createFlow", { body: { name: freeName((await client.fetchQuery(flowsQuery)).items), nodes: [], edges: [] } });
      const { revision } = await api("getFlowDraft", { params: { id: flow.id } });
      const put = { nodes: { put: beginning.nodes, drop: [] }, edges: { put: beginning.edges, drop: [] } };
      await api("saveFlowDraft", { params: { id: flow.id }, body: { baseRevision: revision, ...put } });
      return flow;
    },
    onSuccess: async (flow) => {
      onMade(flow);
      await refreshFlows(client);
    },
    onError: (error) => toast({ status: "error", title: "The flow was not made", description: error.message }),
  });
  return (
    <ActionMenu
      trigger={
        <Button ref={ref} tone="primary" icon={Plus} busy={make.isPending}>
          New flow
        </Button>
      }
      items={[
        { label: "Blank flow", icon: SquarePlus, onSelect: () => make.mutate() },
        { label: "From a template…", icon: LayoutTemplate, onSelect: onTemplate },
        { label: "Import a file…", icon: FileUp, onSelect: onImport },
      ]}
    />
  );
}

function freeName(flows: readonly { name: string }[]): string {
  const taken = new Set(flows.map(({ name }) => name.toLowerCase()));
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? "New flow" : `New flow ${number}`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}
