import { Flex, Link, Stack, Text } from "@chakra-ui/react";
import { ExternalLink } from "lucide-react";
import { SwitchField } from "#ui/fields/switch-field.tsx";
import { Notice } from "#ui/notice.tsx";
import { FlowPicker } from "../flow-picker/flow-picker.tsx";
import { flowState, insideWords } from "../flow-picker/flow-words.tsx";
import { NamedRows } from "../named-rows/named-rows.tsx";
import { type FlowChoice, type NodePanelProps, Place } from "../node-panel.tsx";
import { noFlow } from "../values/no-flow.ts";

/** Which flow is started with what, and whether its end is waited for. */
export function StartFlowPanel(props: NodePanelProps) {
  const { value, set, facts, control } = props;
  const flowId = typeof value.flowId === "string" && value.flowId !== noFlow ? value.flowId : "";
  const chosen = facts.flows.find(({ id }) => id === flowId);
  return (
    <>
      <Stack gap="2">
        <Place at={["flowId"]}>
          <FlowPicker
            label="Flow"
            flows={facts.flows}
            status={facts.flowsStatus}
            value={flowId}
            placeholder="Choose a flow"
            error={facts.problemAt(["flowId"])}
            disabled={facts.disabled}
            onChange={(id) => set(["flowId"], id)}
          />
        </Place>
        {chosen && <ChosenFlow flow={chosen} />}
        {!chosen && flowId !== "" && facts.flowsStatus === "ready" && facts.problemAt(["flowId"]) === undefined && (
          <Notice status="warning">This flow is archived or gone. Choose another one.</Notice>
        )}
      </Stack>
      <NamedRows {...props} at={["values"]} title="Values for the other flow" one="value" valueKey="value" isTemplate />
      <Text textStyle="xs" color="fg.muted" mt="-2">
        The other flow reads them as {"{{ trigger.name }}"}. Those of a name that it asks for are {"{{ input.name }}"} too.
      </Text>
      <Place at={["wait"]}>
        <SwitchField
          label="Wait until the contact is through"
          help={value.wait === true ? "Then it goes on by “Finished”." : "Without it both go on beside each other."}
          checked={value.wait === true}
          onChange={(wait) => set(["wait"], wait || undefined)}
          disabled={facts.disabled}
        />
      </Place>
      {control("waitDays")}
    </>
  );
}

function ChosenFlow({ flow }: { flow: FlowChoice }) {
  return (
    <Stack gap="1.5" textStyle="sm">
      <Flex gap="2" wrap="wrap" rowGap="1" align="center">
        <Text color="fg.muted">
          {flowState(flow)} · {insideWords(flow.active)}
        </Text>
        {!flow.isThis && (
          <Link
            href={`/flows/${flow.id}`}
            target="_blank"
            rel="noreferrer"
            color="fg.link"
            display="inline-flex"
            alignItems="center"
            gap="1"
          >
            Open <ExternalLink size={14} role="img" aria-label="in a new tab" />
          </Link>
        )}
      </Flex>
      {flow.isThis && (
        <Notice status="warning" title="This flow would start itself">
          It goes round for as long as its own rule of entry lets the contact in again, and it must rest for a minute on the way.
        </Notice>
      )}
      {!flow.isThis && !flow.canStart && <Notice status="warning">It cannot be started before it is published.</Notice>}
    </Stack>
  );
}
