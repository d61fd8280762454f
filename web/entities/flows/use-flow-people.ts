import { useState } from "react";
import { FlowPeople, type FlowPerson } from "#contract/flow-people.ts";
import { apiUrl } from "#web/lib/api.ts";
import { useEventSource } from "#web/lib/event-source.ts";
import { useIsSeen } from "#web/lib/use-is-seen.ts";

/** Who has the flow open, as they come and go. The person who asks counts among them while their tab is in sight. */
export function useFlowPeople(flowId: string): readonly FlowPerson[] {
  const [tab] = useState(() => crypto.randomUUID());
  const isSeen = useIsSeen();
  const url = isSeen ? apiUrl("flowPeople", { params: { id: flowId }, query: { tab } }) : null;
  return useEventSource(url, FlowPeople).data?.people ?? nobody;
}

const nobody: readonly FlowPerson[] = [];
