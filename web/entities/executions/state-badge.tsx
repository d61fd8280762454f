import { StatusBadge } from "#ui/status-badge.tsx";
import type { ExecutionState } from "./execution-state.ts";

export function StateBadge({ state, sentence = false }: { state: ExecutionState; sentence?: boolean }) {
  return (
    <StatusBadge status={state.kind === "unreached" ? "partial_failure" : state.kind} label={sentence ? state.sentence : state.label} />
  );
}
