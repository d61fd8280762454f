import { Box, Code, Flex, Stack, Text } from "@chakra-ui/react";
import { Plus, Trash2 } from "lucide-react";
import { customKey } from "#contract/custom-fields.ts";
import { type InputType, inputLimits, inputTypes, isContactField } from "#contract/flow-inputs.ts";
import { Button } from "#ui/button.tsx";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { FieldFrame } from "#ui/fields/field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TextAreaField } from "#ui/fields/text-area-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import { type NodePanelProps, type Path, Place, record } from "../node-panel.tsx";
import { FieldPicker } from "../test-list/field-picker.tsx";

const typeWords: Record<InputType, string> = {
  text: "Text",
  number: "Number",
  date: "Date",
  choice: "One of several",
  yes_no: "Yes or no",
  contact_field: "A field of the contact",
};
const typeOptions = inputTypes.map((value) => ({ value, label: typeWords[value] }));
const typed = (value: unknown): string => (typeof value === "string" ? value : typeof value === "number" ? String(value) : "");

/** What whoever sends the flow is asked for: each value with its name, its kind and what it is where nothing is given. */
export function InputsPanel({ value, set, facts }: Pick<NodePanelProps, "value" | "set" | "facts">) {
  const inputs = (Array.isArray(value.inputs) ? value.inputs : []).map(record);
  const problem = facts.problemAt(["inputs"]);
  const add = () => set(["inputs"], [...inputs, { name: freeName("value", inputs), label: "", type: "text", required: true }], "whole");
  return (
    <Place at={["inputs"]}>
      <Stack gap="4">
        {inputs.length === 0 && (
          <Text textStyle="sm" color="fg.muted">
            Nothing is asked. Add what differs from send to send, such as a date, a price or a link.
          </Text>
        )}
        {inputs.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a name is typed, and what is typed on must not lose its field
          <OneInput key={index} {...{ one, index, inputs, set, facts }} />
        ))}
        {problem !== undefined && (
          <Text textStyle="sm" color="fg.error">
            {problem}
          </Text>
        )}
        <Box>
          <Button size="xs" icon={Plus} disabled={facts.disabled || inputs.length >= inputLimits.inputs} onClick={add}>
            Add a value to ask for
          </Button>
        </Box>
      </Stack>
    </Place>
  );
}

interface OneInputProps extends Pick<NodePanelProps, "set" | "facts"> {
  one: Record<string, unknown>;
  index: number;
  inputs: readonly Record<string, unknown>[];
}

function OneInput({ one, index, inputs, set, facts }: OneInputProps) {
  const at = (...rest: string[]): Path => ["inputs", index, ...rest];
  const errorAt = (key: string) => facts.problemAt(at(key));
  const type = inputTypes.find((each) => each === one.type) ?? "text";
  const [label, name] = [typed(one.label), typed(one.name)];
  const { disabled } = facts;
  const others = inputs.filter((_, place) => place !== index);
  const relabel = (next: string) => {
    // A name that nobody has typed follows the label.
    const follows = name === "" || /^value(_\d+)?$/.test(name) || name === nameFor(label, others);
    set(at(), { ...one, label: next, ...(follows && { name: nameFor(next, others) }) });
  };
  const retype = (next: InputType) => {
    const { choices: _, default: __, ...rest } = one;
    set(at(), { ...rest, type: next, ...(next === "choice" && { choices: [] }) }, "whole");
  };
  return (
    <Stack gap="3" borderStartWidth="3px" borderColor="border.control" ps="3" role="group" aria-label={label || `Value ${index + 1}`}>
      <Flex gap="1" align="end">
        <Box flex="1" minW="0">
          <Place at={at("label")}>
            <TextField
              label="What it is called"
              placeholder="Date of the event"
              value={label}
              maxLength={inputLimits.label}
              onChange={relabel}
              disabled={disabled}
              error={errorAt("label")}
            />
          </Place>
        </Box>
        <IconButton
          icon={Trash2}
          label={`Remove ${label || `value ${index + 1}`}`}
          tooltip="title"
          disabled={disabled}
          onClick={() => set(at(), undefined, "whole")}
        />
      </Flex>
      <Place at={at("type")}>
        <SelectField label="Kind" value={type} onChange={retype} options={typeOptions} disabled={disabled} error={errorAt("type")} />
      </Place>
      {(type === "choice" || one.choices !== undefined) && (
        <Place at={at("choices")}>
          <TextAreaField
            label="What may be chosen, one on each line"
            value={(Array.isArray(one.choices) ? one.choices : []).map(typed).join("\n")}
            onChange={(text) => set(at("choices"), text === "" ? [] : text.split("\n"))}
            disabled={disabled}
            error={errorAt("choices") ?? facts.problemAt([...at("choices"), firstWrong(one.choices, at("choices"), facts)])}
          />
        </Place>
      )}
      <Place at={at("required")}>
        <Checkbox
          label="Needed: the flow is not sent without it"
          checked={one.required === true}
          onChange={(required) => set(at("required"), required)}
          disabled={disabled}
        />
      </Place>
      <Place at={at("default")}>
        <Standard
          {...{ one, type, facts }}
          error={errorAt("default")}
          onChange={(next) => set(at("default"), next === "" ? undefined : next)}
        />
      </Place>
      <Place at={at("help")}>
        <TextField
          label="Help for whoever sends it"
          required={false}
          value={typed(one.help)}
          maxLength={inputLimits.help}
          onChange={(help) => set(at("help"), help === "" ? undefined : help)}
          disabled={disabled}
          error={errorAt("help")}
        />
      </Place>
      <Place at={at("name")}>
        <TextField
          label="Name in texts"
          value={name}
          maxLength={40}
          mono
          onChange={(next) => set(at("name"), next)}
          disabled={disabled}
          error={errorAt("name")}
          help={
            name !== "" &&
            errorAt("name") === undefined && (
              <>
                Texts read it as <Code size="sm">{`{{ input.${name} }}`}</Code>
              </>
            )
          }
        />
      </Place>
    </Stack>
  );
}

interface StandardProps extends Pick<NodePanelProps, "facts"> {
  one: Record<string, unknown>;
  type: InputType;
  error: string | undefined;
  onChange: (value: string) => void;
}

/** What it is where nothing is given. */
function Standard({ one, type, facts, error, onChange }: StandardProps) {
  const value = typeof one.default === "boolean" ? (one.default ? "yes" : "no") : typed(one.default);
  const frame = { label: "Where nothing is given", required: false, value, error, onChange, disabled: facts.disabled };
  if (type === "date") return <TextField {...frame} type="date" />;
  if (type === "yes_no" || type === "choice") {
    const choices =
      type === "choice" ? (Array.isArray(one.choices) ? one.choices : []).map(typed).filter((each) => each !== "") : ["yes", "no"];
    const own = value === "" || choices.includes(value) ? [] : [value];
    return (
      <SelectField
        {...frame}
        options={[
          { value: "", label: "Nothing" },
          ...[...new Set([...choices, ...own])].map((each) => ({
            value: each,
            label: type === "yes_no" ? (each === "yes" ? "Yes" : "No") : each,
          })),
        ]}
      />
    );
  }
  if (type === "contact_field") {
    const fields = facts.testFields.filter(({ path }) => isContactField(path));
    return (
      <FieldFrame label={frame.label} required={false} error={error} disabled={facts.disabled}>
        <FieldPicker value={value} fields={fields} error={error} disabled={facts.disabled} onChange={onChange} onType={onChange} />
      </FieldFrame>
    );
  }
  return <TextField {...frame} maxLength={inputLimits.text} />;
}

/** The place of the first choice with a problem. */
function firstWrong(choices: unknown, at: Path, facts: NodePanelProps["facts"]): number {
  const list = Array.isArray(choices) ? choices : [];
  return Math.max(
    0,
    list.findIndex((_, index) => facts.problemAt([...at, index]) !== undefined),
  );
}

const nameFor = (label: string, others: readonly Record<string, unknown>[]): string =>
  freeName(
    (customKey(label) ?? "value")
      .replace(/[^a-z0-9_]/g, "")
      .replace(/^[^a-z]+/, "")
      .slice(0, 36) || "value",
    others,
  );

/** A name that no other value has. */
function freeName(base: string, others: readonly Record<string, unknown>[]): string {
  const taken = new Set(others.map(({ name }) => name));
  let free = base;
  for (let count = 2; taken.has(free); count += 1) free = `${base}_${count}`;
  return free;
}
