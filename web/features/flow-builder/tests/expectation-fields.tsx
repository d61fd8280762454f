import { Box, Flex, Stack, Text } from "@chakra-ui/react";
import { X } from "lucide-react";
import { type Expectation, flowTestLimits, flowTestOutcomes } from "#contract/flow-tests.ts";
import type { FlowNode } from "#contract/flows.ts";
import { expectationWords, outcomeWords, valueWords } from "#nodes/flow-tests/expectation-words.ts";
import { stepNames } from "#nodes/flow-tests/step-names.ts";
import { DurationField } from "#ui/fields/duration-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TextAreaField } from "#ui/fields/text-area-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { upperFirst } from "#ui/format.ts";
import { IconButton } from "#ui/icon-button.tsx";
import { exitsOf } from "../operations/exits.ts";
import { stepName } from "../outline/step-name.ts";
import { expectationProblem, newExpectation } from "./expectation-draft.ts";

interface ExpectationFieldsProps {
  expect: readonly Expectation[];
  onChange: (expect: Expectation[]) => void;
  nodes: readonly FlowNode[];
  /** Whether what is missing is told, because somebody wanted to save. */
  tells: boolean;
}

/** What a test expects, one below the other. */
export function ExpectationFields({ expect, onChange, nodes, tells }: ExpectationFieldsProps) {
  return (
    <Stack gap="3" role="group" aria-label="Expected">
      <Text textStyle="label" aria-hidden>
        Expected
      </Text>
      {expect.map((one, index) => (
        <Flex
          // biome-ignore lint/suspicious/noArrayIndexKey: two of them may be the same.
          key={index}
          role="group"
          aria-label={`Expectation ${index + 1}`}
          gap="2"
          align="start"
          borderWidth="1px"
          borderRadius="l2"
          p="3"
        >
          <Stack gap="2" flex="1" minW="0">
            <Fields value={one} onChange={(next) => onChange(expect.with(index, next))} nodes={nodes} />
            {tells && <Problem value={one} />}
          </Stack>
          <IconButton icon={X} label={`Take expectation ${index + 1} out`} size="xs" onClick={() => onChange(expect.toSpliced(index, 1))} />
        </Flex>
      ))}
      {expect.length < flowTestLimits.expectations && nodes.length > 0 && (
        <SelectField
          label="Expect something else"
          placeholder="Choose"
          value=""
          onChange={(kind: keyof typeof kindWords) => onChange([...expect, newExpectation(kind, nodes)])}
          options={Object.entries(kindWords).map(([value, label]) => ({ value: value as keyof typeof kindWords, label }))}
        />
      )}
    </Stack>
  );
}

const kindWords = {
  reaches: "It comes to a step",
  avoids: "It never comes to a step",
  message: "A step sends a text",
  no_message: "A step sends nothing",
  exit: "By which exit it leaves a step",
  ends: "How it ends",
  within: "How long it takes",
  value: "A value at the end",
} as const;

function Problem({ value }: { value: Expectation }) {
  const problem = expectationProblem(value);
  if (!problem) return null;
  return (
    <Text role="alert" textStyle="sm" color="fg.error">
      {problem}
    </Text>
  );
}

interface OneProps<Kind extends Expectation["kind"] = Expectation["kind"]> {
  value: Extract<Expectation, { kind: Kind }>;
  onChange: (value: Expectation) => void;
  nodes: readonly FlowNode[];
}

function exitsAt(nodes: readonly FlowNode[], nodeId: string): { value: string; label: string }[] {
  const node = nodes.find(({ id }) => id === nodeId);
  return node ? exitsOf(node).map(({ handle, label }) => ({ value: handle, label })) : [];
}

/** The exits, and the one that is expected where the step does not have it any more. */
const withOwn = (options: { value: string; label: string }[], own: string) =>
  own === "" || options.some(({ value }) => value === own) ? options : [...options, { value: own, label: own }];

function Fields({ value, onChange, nodes }: OneProps) {
  const step = (label: string, nodeId: string, set: (nodeId: string) => void) => {
    const isGone = !nodes.some(({ id }) => id === nodeId);
    return (
      <SelectField
        label={label}
        value={nodeId}
        onChange={set}
        options={[
          ...(isGone ? [{ value: nodeId, label: "A step that was removed" }] : []),
          ...nodes.map((node) => ({ value: node.id, label: stepName(node) })),
        ]}
      />
    );
  };
  switch (value.kind) {
    case "path":
      return (
        <Box textStyle="sm" overflowWrap="anywhere">
          {`${expectationWords(value, stepNames({ nodes: [...nodes] }))}, and to no other step.`}
        </Box>
      );
    case "reaches":
    case "avoids":
    case "no_message":
      return step(kindWords[value.kind], value.nodeId, (nodeId) => onChange({ ...value, nodeId }));
    case "message":
      return (
        <>
          {step("Step that sends", value.nodeId, (nodeId) => onChange({ ...value, nodeId }))}
          <TextAreaField
            label="A message that contains"
            rows={2}
            value={value.contains}
            onChange={(contains) => onChange({ ...value, contains })}
          />
        </>
      );
    case "exit":
      return (
        <>
          {step("Step", value.nodeId, (nodeId) => {
            const [first] = exitsAt(nodes, nodeId);
            onChange({ ...value, nodeId, exit: first?.value ?? "" });
          })}
          <SelectField
            label="It leaves by"
            placeholder="Choose"
            value={value.exit}
            onChange={(exit) => onChange({ ...value, exit })}
            options={withOwn(exitsAt(nodes, value.nodeId), value.exit)}
          />
        </>
      );
    case "ends":
      return (
        <SelectField
          label="It ends"
          value={value.as}
          onChange={(as) => onChange({ ...value, as })}
          options={flowTestOutcomes.map((one) => ({ value: one, label: upperFirst(outcomeWords[one]) }))}
        />
      );
    case "within":
      return (
        <DurationField
          label="It is over within"
          seconds={value.seconds}
          onChange={(seconds) => onChange({ ...value, seconds: seconds ?? 0 })}
        />
      );
    case "value":
      return (
        <>
          <SelectField
            label="What"
            value={value.of}
            onChange={(of) => onChange({ ...value, of })}
            options={(["variable", "field", "custom"] as const).map((one) => ({ value: one, label: upperFirst(valueWords[one]) }))}
          />
          <TextField
            label="Its name"
            maxLength={100}
            value={value.name}
            onChange={(name) => onChange({ ...value, name })}
            help={value.of === "field" ? "As the API calls it, such as leadStatus" : undefined}
          />
          <TextField
            label="Is at the end"
            required={false}
            maxLength={2000}
            help="Left empty: it has no value."
            value={value.is ?? ""}
            onChange={(is) => onChange({ ...value, is: is === "" ? null : is })}
          />
        </>
      );
  }
}
