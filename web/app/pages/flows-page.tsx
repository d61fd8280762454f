import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Page } from "#ui/page.tsx";
import { liveFlowsQuery } from "#web/entities/flows/flow-queries.ts";
import { FlowList } from "#web/features/flows/flow-list.tsx";

export function FlowsPage() {
  const { q, folder } = useSearch({ from: "/member/flows" });
  const navigate = useNavigate();
  const flows = useQuery(liveFlowsQuery);
  return (
    <Page title="Flows" count={flows.data?.items.length} scroll={false}>
      <FlowList
        search={q ?? ""}
        folder={folder}
        onFilter={(next) => void navigate({ to: "/flows", search: { q: next.search || undefined, folder: next.folder }, replace: true })}
        onOpen={(flow) => void navigate({ to: "/flows/$flowId", params: { flowId: flow.id } })}
      />
    </Page>
  );
}
