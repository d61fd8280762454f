import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Send as SendIcon } from "lucide-react";
import { Uuid } from "#contract/pagination.ts";
import { sendStates } from "#contract/sends.ts";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { Page } from "#ui/page.tsx";
import { liveFlowsQuery } from "#web/entities/flows/flow-queries.ts";
import { SendList } from "#web/features/sends/send-list.tsx";
import { readChoice } from "#web/lib/read-choice.ts";

export function SendsPage() {
  const search = useSearch({ from: "/member/sends" });
  const navigate = useNavigate();
  const flows = useQuery(liveFlowsQuery);
  const state = readChoice(search.state, sendStates);
  const isFlow = search.flow === undefined || Uuid.safeParse(search.flow).success;
  return (
    <Page title="Sends" scroll={false}>
      <SendList
        filters={{ state: state.value, flowId: isFlow ? search.flow : undefined }}
        unreadable={[...state.unreadable, ...(isFlow ? [] : [search.flow as string])]}
        onFilters={(next) => void navigate({ to: "/sends", search: { state: next.state, flow: next.flowId }, replace: true })}
        flows={flows.data?.items ?? []}
        onOpen={(send) => void navigate({ to: "/sends/$sendId", params: { sendId: send.id } })}
        whenEmpty={
          <EmptyState
            icon={SendIcon}
            title="Nothing has been sent yet"
            action={
              <Button tone="primary" asChild>
                <Link to="/contacts">Choose contacts</Link>
              </Button>
            }
          >
            Pick contacts and a flow; every send appears here with its exact totals.
          </EmptyState>
        }
      />
    </Page>
  );
}
