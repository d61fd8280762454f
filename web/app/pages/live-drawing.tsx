import { Box, Flex, Spinner, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { Flow, FlowNode } from "#contract/flows.ts";
import { keep, recall } from "#ui/browser-memory.ts";
import { Button } from "#ui/button.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { SwitchField } from "#ui/fields/switch-field.tsx";
import { plural } from "#ui/format.ts";
import { stepCountsQuery } from "#web/entities/flows/flow-queries.ts";
import { useVersionNames } from "#web/entities/flows/use-flow-names.ts";
import { wallTime } from "#web/entities/schedule/zoned-time.ts";
import { SendChoice } from "#web/features/executions/history-filters.tsx";
import { type Narrowing, narrowingQuery } from "#web/features/executions/narrowing.ts";
import { LazyCanvas } from "#web/features/flow-builder/canvas/lazy-canvas.tsx";
import { type AtStep, NumbersContext } from "#web/features/flow-builder/canvas/step-numbers.tsx";

interface LiveDrawingProps {
  flow: Flow;
  zone: string;
  onRead: (node: FlowNode) => void;
  /** Shows the enrollments that a number counts. */
  onShow: (more: Narrowing, sendId: string | undefined) => void;
}

const periods = [
  { value: "all", label: "All enrollments" },
  { value: "7", label: "Enrolled in the last 7 days" },
  { value: "30", label: "Enrolled in the last 30 days" },
] as const;
type Period = (typeof periods)[number]["value"];
const key = "flow-numbers";

/** The flow as it is live, with what became of its people at each step. */
export function LiveDrawing({ flow, zone, onRead, onShow }: LiveDrawingProps) {
  const [openedAt] = useState(Date.now);
  const [isOn, setOn] = useState(() => recall(key) !== "off");
  const [period, setPeriod] = useState<Period>("all");
  const [version, setVersion] = useState("");
  const [sendId, setSendId] = useState<string>();
  const versions = useVersionNames(flow.id);
  const isDrawn = flow.nodes.length > 0;
  const from = period === "all" ? undefined : dayOf(openedAt - Number(period) * 86_400_000, zone);
  const range: Narrowing = useMemo(() => ({ ...(from && { from }), ...(version && { version }) }), [from, version]);
  const { versionId, from: since } = narrowingQuery(range, zone);
  const asked = { ...(versionId && { versionId }), ...(since && { from: since }), ...(sendId && { sendId }) };
  const counts = useQuery({ ...stepCountsQuery(flow.id, asked), enabled: isOn && isDrawn });
  const steps = isOn ? counts.data?.steps : undefined;
  // Every card reads it, so it is a new one only where something of it is new.
  const numbers = useMemo(
    () => steps && { steps, onShow: (at: AtStep) => onShow({ ...range, ...placeOf(at) }, sendId) },
    [steps, range, sendId, onShow],
  );
  const choose = (next: boolean) => {
    keep(key, next ? "on" : "off");
    setOn(next);
  };
  return (
    <>
      <Flex hidden={!isDrawn} gap="3" align="center" wrap="wrap" px={{ base: "4", md: "6" }} py="2" borderBottomWidth="1px" textStyle="sm">
        <SwitchField label="Numbers" checked={isOn} onChange={choose} />
        {isOn && (
          <>
            <Box width={{ base: "full", sm: "64" }}>
              <SelectField label="Enrolled" hideLabel value={period} onChange={setPeriod} options={periods} />
            </Box>
            {versions.length > 1 && (
              <Box width={{ base: "full", sm: "48" }}>
                <SelectField
                  label="Version"
                  hideLabel
                  value={version || "all"}
                  onChange={(next: string) => setVersion(next === "all" ? "" : next)}
                  options={[{ value: "all", label: "All versions" }, ...versions.map(({ id, name }) => ({ value: id, label: name }))]}
                />
              </Box>
            )}
            <SendChoice flowId={flow.id} value={sendId} onChange={setSendId} zone={zone} />
            <Box role="status" color="fg.muted">
              {counts.isPending ? (
                <Flex gap="2" align="center">
                  <Spinner size="xs" /> Counting…
                </Flex>
              ) : counts.isError ? (
                <Flex gap="2" align="center" color="fg.error">
                  The numbers could not be loaded: {counts.error.message}
                  <Button size="xs" onClick={() => void counts.refetch()}>
                    Retry
                  </Button>
                </Flex>
              ) : (
                steps && <Elsewhere flow={flow} waiting={steps} />
              )}
            </Box>
          </>
        )}
      </Flex>
      <Box flex="1" minH="0">
        <NumbersContext value={numbers}>
          <LazyCanvas label={flow.name} graph={flow} problems={flow.problems} onRead={onRead} />
        </NumbersContext>
      </Box>
    </>
  );
}

/** Those whose step this version does not have are drawn nowhere, so they are told. */
function Elsewhere({ flow, waiting }: { flow: Flow; waiting: Readonly<Record<string, { waiting: number }>> }) {
  const here = new Set(flow.nodes.map(({ id }) => id));
  const elsewhere = Object.entries(waiting).reduce((sum, [id, count]) => (here.has(id) ? sum : sum + count.waiting), 0);
  if (Object.keys(waiting).length === 0) return <Text as="span">Nobody was enrolled.</Text>;
  return elsewhere === 0 ? null : (
    <Text as="span">{plural(elsewhere, "contact waits", "contacts wait")} at steps of earlier versions.</Text>
  );
}

const placeOf = (at: AtStep): Narrowing => {
  if (at.what === "left") return { left: at.stepId, exit: at.exit };
  return { [at.what === "waiting" ? "at" : at.what]: at.stepId };
};

const dayOf = (at: number, zone: string): string => {
  const { year, month, day } = wallTime(at, zone);
  return [year, String(month).padStart(2, "0"), String(day).padStart(2, "0")].join("-");
};
