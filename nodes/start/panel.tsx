import { Box, Flex, Heading, Stack, Text } from "@chakra-ui/react";
import { type ReactNode, useRef } from "react";
import { flowFields } from "#contract/contact-fields.ts";
import { NumberField } from "#ui/fields/number-field.tsx";
import { SwitchField } from "#ui/fields/switch-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { type NodePanelProps, Place, record } from "../node-panel.tsx";
import { trueNowWords } from "../test-list/share-words.tsx";
import { TestList } from "../test-list/test-list.tsx";
import { isKnownByRun } from "../values/field-name.ts";
import { longestWaitDays } from "./definition.ts";
import { InputsPanel } from "./inputs-panel.tsx";

/** Shows who may enter the flow, what ends it for a contact before its last step, and what is asked when it is sent. */
export function StartPanel(props: NodePanelProps) {
  const { tests, value, control } = props;
  const hasRule = value.enterIf !== undefined || value.leaveIf !== undefined;
  // The rules are counted in order, and only the first is asked of everybody.
  const entry = tests && { ...tests, unsetFrom: tests.unsetFrom === 0 ? 0 : undefined };
  return (
    <Stack gap="6">
      {hasRule && tests?.chooser}
      <Part title="Who may enter">
        {control("reEntry")}
        <Rule {...props} at="enterIf" label="Let in only contacts that fit" name="whom the flow lets in" first={firstEntry}>
          Judged when they would enter. Whoever is in already stays.
        </Rule>
        {entry && value.enterIf !== undefined && (
          <Text textStyle="sm" color="fg.muted" data-share={0}>
            {trueNowWords(entry)}
          </Text>
        )}
      </Part>
      <Part title="What ends the flow early">
        <Rule {...props} at="leaveIf" label="End for contacts that fit" name="whom the flow ends for" first={firstExit}>
          Judged before each step, and at once when the contact changes while they wait.
        </Rule>
        {control("stopOnReply")}
        <Place at={["longestStayDays"]}>
          <NumberField
            label="End after days"
            required={false}
            help="Counted from when the contact begins. Left empty, they stay as long as the flow takes."
            min={1}
            max={longestWaitDays}
            value={typeof value.longestStayDays === "number" ? value.longestStayDays : null}
            error={props.facts.problemAt(["longestStayDays"])}
            disabled={props.facts.disabled}
            onChange={(days) => props.set(["longestStayDays"], days ?? undefined)}
          />
        </Place>
      </Part>
      <Part title="When its text messages may leave">
        <OwnHours {...props} />
      </Part>
      <Part title="What is asked when it is sent">
        <InputsPanel {...props} />
      </Part>
    </Stack>
  );
}

const usualHours = { from: "09:00", to: "18:00" };

/** Hours of the flow's own. They narrow those of the workspace, which protect people, and never widen them. */
function OwnHours({ value, set, facts }: NodePanelProps) {
  const hours = value.sendingHours === undefined ? undefined : record(value.sendingHours);
  const time = (key: "from" | "to", label: string) => (
    <Place at={["sendingHours", key]}>
      <TextField
        label={label}
        type="time"
        value={typeof hours?.[key] === "string" ? hours[key] : ""}
        error={facts.problemAt(["sendingHours", key])}
        disabled={facts.disabled}
        onChange={(next) => set(["sendingHours", key], next)}
      />
    </Place>
  );
  return (
    <>
      <Place at={["sendingHours"]}>
        <SwitchField
          label="Hours of its own"
          checked={hours !== undefined}
          onChange={(on) => set(["sendingHours"], on ? usualHours : undefined, "whole")}
          disabled={facts.disabled}
          help="Where the contact lives, for marketing and whatever else waits for the hours of the workspace. They only narrow those."
        />
      </Place>
      {hours && (
        <Flex gap="3" wrap="wrap">
          {time("from", "From")}
          {time("to", "To")}
        </Flex>
      )}
    </>
  );
}

const firstEntry = { match: "all", tests: [{ field: "lead_status", operator: "is", value: "" }] };
const firstExit = { match: "any", tests: [{ field: "lead_status", operator: "is", value: "" }] };

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <Box as="section" aria-label={title}>
    <Heading as="h3" textStyle="sm" fontWeight="semibold" mb="3">
      {title}
    </Heading>
    <Stack gap="4">{children}</Stack>
  </Box>
);

/** What each rule may look at: an entry is asked of all contacts at once, and neither knows what a running flow knows. */
const mayLookAt: Record<RuleProps["at"], (path: string) => boolean> = {
  enterIf: (path) => flowFields.includes(path),
  leaveIf: (path) => !isKnownByRun(path),
};

interface RuleProps extends NodePanelProps {
  at: "enterIf" | "leaveIf";
  label: string;
  name: string;
  /** What stands there when the rule is switched on. */
  first: unknown;
  children: string;
}

/** A group of tests that a flow may have or not. Who switches it off and on again finds the tests as they were. */
function Rule({ value, set, facts, tests, at, label, name, first, children }: RuleProps) {
  const before = useRef<unknown>(undefined);
  const group = value[at];
  const isOn = group !== undefined;
  const fitting = { ...facts, testFields: facts.testFields.filter(({ path }) => mayLookAt[at](path)) };
  const turn = (on: boolean) => {
    if (!on) before.current = record(group);
    set([at], on ? (before.current ?? first) : undefined, "whole");
  };
  return (
    <Stack gap="3">
      <Place at={[at]}>
        <SwitchField label={label} checked={isOn} onChange={turn} disabled={facts.disabled} help={children} />
      </Place>
      {isOn && (
        <Box borderStartWidth="3px" borderColor="border.control" ps="3">
          <TestList {...{ set, tests }} facts={fitting} value={group} at={[at]} name={name} />
        </Box>
      )}
    </Stack>
  );
}
