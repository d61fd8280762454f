import { Spinner } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { UserRoundX } from "lucide-react";
import { Suspense } from "react";
import type { SendPreviewQuestion } from "#contract/send-requests.ts";
import { lazyLater } from "#ui/lazy-later.ts";
import { sendPreviewQuery } from "#web/entities/sends/send-queries.ts";
import { Fold } from "./fold.tsx";
import { type WhoNot, whoNotSummary } from "./who-not.ts";

const WhoNotFields = lazyLater(async () => (await import("./who-not-fields.tsx")).WhoNotFields);

interface WhoNotSectionProps {
  /** What is counted for the line above, by which each exclusion says how many it leaves out; null while something is not allowed. */
  question: SendPreviewQuestion | null;
  flowId: string;
  value: WhoNot;
  onChange: (value: WhoNot) => void;
  open: boolean;
  onOpen: (open: boolean) => void;
  disabled: boolean;
}

/** Shows whom the send leaves out, and on which condition it goes: one line, with the fields folded away. */
export function WhoNotSection({ question, flowId, value, onChange, open, onOpen, disabled }: WhoNotSectionProps) {
  return (
    <Fold icon={UserRoundX} title="Who not" summary={whoNotSummary(value)} open={open} onOpen={onOpen} disabled={disabled}>
      <Suspense fallback={<Spinner size="sm" m="3" />}>
        <Counted question={question} flowId={flowId} value={value} onChange={onChange} disabled={disabled} />
      </Suspense>
    </Fold>
  );
}

function Counted({ question, ...fields }: Omit<WhoNotSectionProps, "open" | "onOpen">) {
  const { data } = useQuery({ ...sendPreviewQuery(question ?? { flowId: fields.flowId, ...nobody }), enabled: question !== null });
  return <WhoNotFields {...fields} preview={question === null ? undefined : data} />;
}

/** It is not asked. */
const nobody = { selection: { type: "ids" as const, ids: [] }, oncePerAddress: true };
