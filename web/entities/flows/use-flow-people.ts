import { useEffect, useState } from "react";
import { FlowPeople, type FlowPerson } from "#contract/flow-people.ts";
import { apiUrl } from "#web/lib/api.ts";
import { useEventSource } from "#web/lib/event-source.ts";

/** A tab that nobody has looked at for so long gives its connection back: a browser opens only a few to one server. */
const patienceMs = 30_000;

/** Who has the flow open, as they come and go. Whoever asks counts among them while their tab is in sight. */
export function useFlowPeople(flowId: string): readonly FlowPerson[] {
  const [tab] = useState(() => crypto.randomUUID());
  const isSeen = useIsSeen();
  const url = isSeen ? apiUrl("flowPeople", { params: { id: flowId }, query: { tab } }) : null;
  return useEventSource(url, FlowPeople).data?.people ?? nobody;
}

const nobody: readonly FlowPerson[] = [];

function useIsSeen(): boolean {
  const [isSeen, setSeen] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(timer);
      if (document.visibilityState === "visible") setSeen(true);
      else timer = setTimeout(() => setSeen(false), patienceMs);
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return isSeen;
}
