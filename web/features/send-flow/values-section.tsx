import { Spinner } from "@chakra-ui/react";
import { ListChecks } from "lucide-react";
import { Suspense, useEffect, useMemo, useState } from "react";
import type { FlowNode } from "#contract/flows.ts";
import type { Launch } from "#contract/launch-values.ts";
import { lazyLater } from "#ui/lazy-later.ts";
import { inputsOf } from "#web/entities/flows/flow-inputs.ts";
import type { Audience } from "./audience.ts";
import { Fold } from "./fold.tsx";
import { noValues, readValues, type ValuesDraft, valuesSummary } from "./values.ts";

const ValuesFields = lazyLater(async () => (await import("./values-fields.tsx")).ValuesFields);

interface ValuesSectionProps {
  flowId: string;
  nodes: readonly FlowNode[];
  audience: Audience;
  /** What was typed for this flow before. */
  draft: ValuesDraft | undefined;
  onDraft: (draft: ValuesDraft) => void;
  /** Learns what is given; null while something typed cannot be taken. */
  onRead: (launch: Launch | null) => void;
  disabled: boolean;
}

/** What the flow asks for: open where something is needed, and else one line. */
export function ValuesSection({ flowId, nodes, audience, draft = noValues, onDraft, onRead, disabled }: ValuesSectionProps) {
  const inputs = useMemo(() => inputsOf(nodes), [nodes]);
  const ids = audience.selection.type === "ids" ? audience.selection.ids : null;
  const read = useMemo(() => readValues(inputs, draft, ids), [inputs, draft, ids]);
  const [open, setOpen] = useState(read.launch === null);
  useEffect(() => onRead(read.launch), [read, onRead]);
  return (
    <Fold icon={ListChecks} title="Values" summary={valuesSummary(inputs, draft, read)} open={open} onOpen={setOpen} disabled={disabled}>
      <Suspense fallback={<Spinner size="sm" m="3" />}>
        <ValuesFields {...{ flowId, inputs, audience, draft, onDraft, disabled }} problems={read.problems} />
      </Suspense>
    </Fold>
  );
}
