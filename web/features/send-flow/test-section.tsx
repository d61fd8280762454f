import { Spinner } from "@chakra-ui/react";
import { FlaskConical } from "lucide-react";
import { Suspense, useState } from "react";
import type { FlowSummary } from "#contract/flows.ts";
import type { Launch } from "#contract/launch-values.ts";
import { lazyLater } from "#ui/lazy-later.ts";
import type { Audience } from "./audience.ts";
import { Fold } from "./fold.tsx";

const TestFields = lazyLater(async () => (await import("./test-fields.tsx")).TestFields);

interface TestSectionProps {
  flow: Pick<FlowSummary, "id" | "channels">;
  audience: Audience;
  /** What is given for what the flow asks for; null while something is missing. */
  launch: Launch | null;
  launchedFrom: string;
  disabled: boolean;
}

/** Trying the flow before it is sent: one line, with what can be tried folded away. */
export function TestSection({ flow, audience, launch, launchedFrom, disabled }: TestSectionProps) {
  const [open, setOpen] = useState(false);
  /** A test that runs stays on the screen, because folding it away would stop it. */
  const [running, setRunning] = useState(false);
  return (
    <Fold
      icon={FlaskConical}
      title="Test"
      summary="Try it on yourself first"
      open={open}
      onOpen={(next) => (next || !running) && setOpen(next)}
      disabled={disabled}
    >
      <Suspense fallback={<Spinner size="sm" m="3" />}>
        <TestFields key={flow.id} {...{ flow, audience, launch, launchedFrom, disabled }} onRunning={setRunning} />
      </Suspense>
    </Fold>
  );
}
