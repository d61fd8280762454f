import { Box, Stack, Text, VisuallyHidden } from "@chakra-ui/react";
import { SlidersHorizontal } from "lucide-react";
import type { FlowNode, FlowProblem } from "#contract/flows.ts";
import { describeNode } from "#nodes/describe-node.tsx";
import { findEntry } from "#nodes/graph/find-entry.ts";
import { start as startType } from "#nodes/start/definition.ts";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import type { DraftStore } from "../draft/draft-store.ts";
import { StepSettings } from "../panel/step-settings.tsx";
import { StepProblems } from "../problems/step-problems.tsx";
import { useDraft } from "../use-draft.ts";
import { HoursOfWorkspace } from "./hours-of-workspace.tsx";
import { SettingsPart } from "./settings-part.tsx";
import { UnreadSettings } from "./unread-settings.tsx";

interface FlowSettingsProps {
  store: DraftStore;
  problems: readonly FlowProblem[];
  disabled: boolean;
  onOpenStep: (nodeId: string) => void;
  onAddStart: () => void;
}

/**
 * What holds for a flow as a whole: who may enter, what ends it early, and when its messages may leave. What the flow itself
 * decides is kept with its start, so this is the same as the panel of that step.
 */
export function FlowSettings({ store, problems, disabled, onOpenStep, onAddStart }: FlowSettingsProps) {
  const nodes = useDraft(store, ({ content }) => content.nodes);
  const edges = useDraft(store, ({ content }) => content.edges);
  const entry = findEntry({ nodes, edges });
  const start = nodes.find(({ id, type }) => id === entry && type === startType.type);
  const goals = nodes.filter(({ type, data }) => type === "goal" && data.off !== true);
  return (
    <Box as="section" aria-label="Settings of the flow" flex="1" minH="0" overflowY="auto" px={{ base: "4", md: "6" }} py="5">
      <VisuallyHidden asChild>
        <h2>Settings of the flow</h2>
      </VisuallyHidden>
      <Stack gap="8" maxW="44rem">
        {start ? (
          <Stack gap="4">
            <Text textStyle="sm" color="fg.muted">
              Part of the draft, as every step: it holds for those who enter once the flow is published.
            </Text>
            <StepProblems store={store} node={start} problems={problems.filter(({ nodeId }) => nodeId === start.id)} disabled={disabled} />
            <StepSettings key={start.id} store={store} node={start} problems={problems} disabled={disabled} />
          </Stack>
        ) : (
          <EmptyState
            icon={SlidersHorizontal}
            title="No start yet"
            action={!disabled && <Button onClick={onAddStart}>Add the start</Button>}
          >
            Who may enter a flow, and what ends it early, is kept with its start.
          </EmptyState>
        )}
        {goals.length > 0 && <Goals goals={goals} onOpen={onOpenStep} />}
        <HoursOfWorkspace />
        <UnreadSettings store={store} disabled={disabled} />
      </Stack>
    </Box>
  );
}

const Goals = ({ goals, onOpen }: { goals: readonly FlowNode[]; onOpen: (nodeId: string) => void }) => (
  <SettingsPart title="Goals">
    <Text textStyle="sm" color="fg.muted" mb="2">
      A goal draws contacts to itself from every step before it. They go on from there.
    </Text>
    <Stack as="ul" listStyleType="none" gap="1">
      {goals.map((node) => {
        const { label, summary } = describeNode(node);
        return (
          <Box as="li" key={node.id}>
            <Button size="xs" tone="ghost" h="auto" py="1" px="1" whiteSpace="normal" textAlign="start" onClick={() => onOpen(node.id)}>
              <Text as="span" textStyle="sm" overflowWrap="anywhere">
                <b>{label}</b>
                {summary && ` · ${summary}`}
              </Text>
            </Button>
          </Box>
        );
      })}
    </Stack>
  </SettingsPart>
);
