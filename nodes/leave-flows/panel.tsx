import { Flex, Stack, Text } from "@chakra-ui/react";
import { X } from "lucide-react";
import { useRef } from "react";
import { SegmentedField } from "#ui/fields/segmented-field.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import { FlowPicker } from "../flow-picker/flow-picker.tsx";
import { insideWords } from "../flow-picker/flow-words.tsx";
import { type NodePanelProps, Place, record } from "../node-panel.tsx";

type Which = "all_others" | "these";

const choices: readonly { value: Which; label: string }[] = [
  { value: "all_others", label: "All others" },
  { value: "these", label: "These" },
];
const mostFlows = 50;

/** The flows that the contact is taken out of, and who is in them now. */
export function LeaveFlowsPanel({ value, set, facts }: NodePanelProps) {
  const before = useRef<readonly string[]>([]);
  const list = useRef<HTMLDivElement>(null);
  const { type, flowIds } = record(value.flows);
  const which: Which = type === "these" ? "these" : "all_others";
  const ids = (Array.isArray(flowIds) ? flowIds : []).map(String);
  const put = (next: readonly string[]) => set(["flows"], { type: "these", flowIds: next }, "whole");
  const choose = (next: Which) => {
    // A person who looks at the other choice finds the flows of this one again.
    if (which === "these") before.current = ids;
    if (next === "these") put(before.current);
    else set(["flows"], { type: next }, "whole");
  };
  const error = facts.problemAt(["flows", "flowIds"]) ?? facts.problemAt(["flows"]);
  const free = facts.flows.filter(({ id }) => !ids.includes(id));
  return (
    <Place at={["flows"]}>
      <Stack gap="3">
        <Place at={["flows", "type"]}>
          <SegmentedField label="Which flows" value={which} onChange={choose} options={choices} disabled={facts.disabled} />
        </Place>
        {which === "all_others" ? (
          <Text textStyle="sm" color="fg.muted">
            The contact leaves every other flow, and every other round of this one. The way it is on here goes on.
          </Text>
        ) : (
          <Place at={["flows", "flowIds"]}>
            <Stack ref={list} gap="2">
              {ids.length > 0 && (
                <Stack
                  as="ul"
                  gap="0"
                  listStyleType="none"
                  aria-label="The flows it leaves"
                  borderWidth="1px"
                  rounded="md"
                  css={{ "& > * + *": { borderTopWidth: "1px" } }}
                >
                  {ids.map((id, index) => {
                    const flow = facts.flows.find((one) => one.id === id);
                    const name = flow?.name ?? (facts.flowsStatus === "ready" ? "A flow that is archived or gone" : "…");
                    const problem = facts.problemAt(["flows", "flowIds", index]);
                    return (
                      <Flex as="li" key={id} gap="2" ps="3" pe="1" py="1" align="center">
                        <Stack gap="0" flex="1" minW="0">
                          <Text textStyle="sm" truncate>
                            {name}
                          </Text>
                          <Text textStyle="xs" color={problem === undefined ? "fg.muted" : "fg.error"}>
                            {problem ?? (flow ? insideWords(flow.active) : "")}
                          </Text>
                        </Stack>
                        <IconButton
                          size="xs"
                          tooltip="title"
                          icon={X}
                          label={`Take “${name}” off the list`}
                          disabled={facts.disabled}
                          onClick={() => {
                            put(ids.filter((one) => one !== id));
                            requestAnimationFrame(() => list.current?.querySelector<HTMLElement>("input")?.focus());
                          }}
                        />
                      </Flex>
                    );
                  })}
                </Stack>
              )}
              <FlowPicker
                key={ids.length}
                label="Add a flow"
                flows={free}
                status={facts.flowsStatus}
                value=""
                placeholder="Look for a flow"
                error={ids.length === 0 ? (error ?? "No flow is chosen yet") : error}
                disabled={facts.disabled || ids.length >= mostFlows}
                onChange={(id) => {
                  put([...ids, id]);
                  requestAnimationFrame(() => list.current?.querySelector<HTMLElement>("input")?.focus());
                }}
              />
            </Stack>
          </Place>
        )}
      </Stack>
    </Place>
  );
}
