import { Box, Flex, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useMemo, useState } from "react";
import type { FlowVersionSummary } from "#contract/flow-versions.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { SegmentedField } from "#ui/fields/segmented-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { isolated, plural } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { flowVersionQuery } from "#web/entities/flows/flow-queries.ts";
import { api } from "#web/lib/api.ts";
import { LazyCanvas } from "../canvas/lazy-canvas.tsx";
import { markWords, type StepMark } from "../canvas/step-mark.tsx";
import { ChangeList } from "../changes/change-list.tsx";
import { changeWords } from "../changes/change-words.ts";
import { stepName } from "../outline/step-name.ts";
import { changedGraph } from "./changed-graph.ts";

interface CompareDialogProps {
  flowId: string;
  /** Those that are listed. */
  versions: readonly FlowVersionSummary[];
  /** With which it is compared at first. */
  from: FlowVersionSummary;
  to: FlowVersionSummary;
  onClose: () => void;
}

/** Both versions in one drawing, through whose changes N and P lead. */
function Drawn({ graph, marks, label }: ReturnType<typeof changedGraph> & { label: string }) {
  const changed = graph.nodes.filter(({ id }) => marks.has(id));
  const [at, setAt] = useState<number | null>(null);
  const node = at === null ? undefined : changed[at];
  const step = (by: 1 | -1) => {
    if (changed.length > 0) setAt(((at ?? (by === 1 ? -1 : 0)) + by + changed.length) % changed.length);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = ({ n: 1, p: -1 } as Record<string, 1 | -1>)[event.key.toLowerCase()];
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    step(by);
  };
  return (
    <Box onKeyDown={onKeyDown}>
      <Flex gap="2" align="center" mb="2" wrap="wrap">
        <Button size="xs" disabled={changed.length === 0} onClick={() => step(-1)} aria-keyshortcuts="p">
          Previous change
        </Button>
        <Button size="xs" disabled={changed.length === 0} onClick={() => step(1)} aria-keyshortcuts="n">
          Next change
        </Button>
        <Text role="status" textStyle="sm" color="fg.muted">
          {node && at !== null
            ? `${at + 1} of ${changed.length}: “${isolated(stepName(node))}”, ${markWords[marks.get(node.id) as StepMark].toLowerCase()}`
            : plural(changed.length, "changed step")}
        </Text>
      </Flex>
      <Box h="60vh" borderWidth="1px" borderRadius="l2" overflow="hidden">
        <LazyCanvas label={label} graph={graph} marks={marks} lookAt={node?.id} whole />
      </Box>
    </Box>
  );
}

/** What differs between a version and another one: in words, or drawn. */
export function CompareDialog({ flowId, versions, from, to, onClose }: CompareDialogProps) {
  const [fromId, setFromId] = useState(from.id);
  const [shownAs, setShownAs] = useState<"words" | "drawing">("words");
  const [before, after] = [useQuery(flowVersionQuery(fromId)), useQuery(flowVersionQuery(to.id))];
  const comparison = useQuery({
    queryKey: ["flows", "compare", flowId, fromId, to.id],
    queryFn: ({ signal }) => api("compareFlowVersions", { params: { id: flowId }, query: { from: fromId, to: to.id }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const failed = [before, after, comparison].find(({ isError }) => isError);
  const found = useMemo(() => {
    if (!before.data || !after.data || !comparison.data) return undefined;
    const { changes } = comparison.data;
    return { words: changeWords(changes, before.data.nodes, after.data.nodes), ...changedGraph(changes, before.data, after.data) };
  }, [before.data, after.data, comparison.data]);
  return (
    <Dialog
      open
      onClose={onClose}
      title={`What version ${to.number} changed`}
      size={shownAs === "drawing" ? "xl" : "md"}
      footer={<Button onClick={onClose}>Close</Button>}
    >
      <Flex gap="3" wrap="wrap" align="end" justify="space-between" mb="4">
        <Box w="48">
          <SelectField
            label="Compared with"
            value={fromId}
            onChange={setFromId}
            options={versions.flatMap(({ id, number }) => (id === to.id ? [] : [{ value: id, label: `Version ${number}` }]))}
          />
        </Box>
        <SegmentedField
          label="Show as"
          hideLabel
          value={shownAs}
          onChange={setShownAs}
          options={[
            { value: "words", label: "In words" },
            { value: "drawing", label: "Drawn" },
          ]}
        />
      </Flex>
      {failed?.error ? (
        <LoadError
          title="The versions could not be compared"
          error={failed.error}
          onRetry={() => void failed.refetch()}
          retrying={failed.isRefetching}
        />
      ) : found === undefined ? (
        <SkeletonRows rows={3} columns={["80%"]} label="Comparing" />
      ) : shownAs === "drawing" ? (
        <Drawn key={fromId} {...found} label={`version ${to.number} beside another one`} />
      ) : found.words.length === 0 ? (
        <Text>Nothing that contacts notice.</Text>
      ) : (
        <ChangeList changes={found.words} />
      )}
    </Dialog>
  );
}
