import { Box, Flex, Stack, Text } from "@chakra-ui/react";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "#ui/button.tsx";
import { NumberField } from "#ui/fields/number-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import { type NodePanelProps, Place, record } from "../node-panel.tsx";
import { type ReplyCase, replyCaseLimits } from "./definition.ts";

const channels = [
  { value: "any", label: "SMS or e-mail" },
  { value: "sms", label: "SMS" },
  { value: "email", label: "E-mail" },
] as const;

const kinds: readonly { value: ReplyCase["is"]; label: string }[] = [
  { value: "yes", label: "Says yes" },
  { value: "no", label: "Says no" },
  { value: "words", label: "Has one of these words" },
  { value: "number", label: "Is a number between" },
  { value: "pattern", label: "Looks like" },
  { value: "any", label: "Is anything else" },
];

/** Where the reply comes from, how long it is waited for, and what the replies are that go ways of their own. */
export function WaitForReplyPanel({ value, set, facts, control }: NodePanelProps) {
  const cases = (Array.isArray(value.cases) ? value.cases : []).map(record);
  const problem = facts.problemAt(["cases"]);
  const add = () => set(["cases"], [...cases, { id: freeId(cases), label: "", is: "words", words: [] }], "whole");
  return (
    <>
      <Place at={["channel"]}>
        <SelectField
          label="Reply by"
          value={channels.find((one) => one.value === value.channel)?.value ?? "any"}
          onChange={(channel) => set(["channel"], channel)}
          options={channels}
          disabled={facts.disabled}
        />
      </Place>
      {control("limitSeconds")}
      <Stack gap="3" role="group" aria-label="Cases" data-setting="cases">
        <Box>
          <Text textStyle="label">Which replies go which way</Text>
          <Text textStyle="sm" color="fg.muted">
            The first case that fits is taken. STOP and automatic answers are never a reply.
          </Text>
        </Box>
        {cases.map((one, index) => (
          <Case key={String(one.id)} {...{ one, index, set, facts }} />
        ))}
        <Text textStyle="sm" color="fg.muted">
          {cases.some(({ is }) => is === "any")
            ? "Without a reply: “No reply in time”."
            : "Every other reply: “Other reply”. Without one: “No reply in time”."}
        </Text>
        {problem !== undefined && (
          <Text textStyle="sm" color="fg.error">
            {problem}
          </Text>
        )}
        <Box>
          <Button size="xs" icon={Plus} disabled={facts.disabled || cases.length >= replyCaseLimits.most} onClick={add}>
            Add case
          </Button>
        </Box>
      </Stack>
    </>
  );
}

interface CaseProps extends Pick<NodePanelProps, "set" | "facts"> {
  one: Record<string, unknown>;
  index: number;
}

function Case({ one, index, set, facts }: CaseProps) {
  const name = `case ${index + 1}`;
  const kind = kinds.find(({ value }) => value === one.is)?.value ?? "any";
  const { id, label } = one;
  return (
    <Stack role="group" aria-label={name} borderWidth="1px" rounded="lg" p="2.5" bg="bg.subtle" gap="2">
      <Flex gap="2" align="end">
        <Box flex="1" minW="0" data-setting={`cases.${index}`}>
          <SelectField
            label="The reply"
            value={kind}
            onChange={(is) => set(["cases", index], beginOf({ id, label }, is), "whole")}
            options={kinds}
            disabled={facts.disabled}
          />
        </Box>
        <IconButton
          icon={Trash2}
          label={`Remove ${name}`}
          tooltip="title"
          disabled={facts.disabled}
          onClick={() => set(["cases", index], undefined)}
        />
      </Flex>
      {kind === "words" && <Words {...{ one, index, set, facts }} />}
      {kind === "number" && (
        <Flex gap="2">
          {(["from", "to"] as const).map((end) => (
            <Box key={end} flex="1" minW="0">
              <Place at={["cases", index, end]}>
                <NumberField
                  label={end === "from" ? "From" : "To"}
                  value={typeof one[end] === "number" ? one[end] : null}
                  error={facts.problemAt(["cases", index, end])}
                  onChange={(number) => set(["cases", index, end], number ?? undefined)}
                  disabled={facts.disabled}
                />
              </Place>
            </Box>
          ))}
        </Flex>
      )}
      {kind === "pattern" && (
        <Place at={["cases", index, "pattern"]}>
          <TextField
            label="Pattern"
            help="* any text, ? one character, # a digit: “order ####”"
            value={String(one.pattern ?? "")}
            maxLength={200}
            error={facts.problemAt(["cases", index, "pattern"])}
            onChange={(pattern) => set(["cases", index, "pattern"], pattern)}
            disabled={facts.disabled}
          />
        </Place>
      )}
      <Place at={["cases", index, "label"]}>
        <TextField
          label="Name of the way"
          required={false}
          value={String(label ?? "")}
          maxLength={200}
          error={facts.problemAt(["cases", index, "label"])}
          onChange={(next) => set(["cases", index, "label"], next)}
          disabled={facts.disabled}
        />
      </Place>
    </Stack>
  );
}

/** Words are typed in one line, with commas between them. What is being typed stays as typed. */
function Words({ one, index, set, facts }: CaseProps) {
  const words = Array.isArray(one.words) ? one.words.map(String) : [];
  const [typed, setTyped] = useState<string>();
  const shown = typed !== undefined && same(split(typed), words) ? typed : words.join(", ");
  return (
    <Place at={["cases", index, "words"]}>
      <TextField
        label="Words or phrases, with commas between"
        value={shown}
        error={facts.problemAt(["cases", index, "words"])}
        onChange={(text) => {
          setTyped(text);
          set(["cases", index, "words"], split(text));
        }}
        disabled={facts.disabled}
      />
    </Place>
  );
}

const split = (text: string) =>
  text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((word, index) => word === b[index]);

/** A case of another kind keeps its id, because a line of the drawing leaves by it. */
function beginOf({ id, label }: { id: unknown; label: unknown }, is: ReplyCase["is"]): Record<string, unknown> {
  const begun = { id, label: label ?? "", is };
  if (is === "words") return { ...begun, words: [] };
  if (is === "number") return { ...begun, from: 1, to: 5 };
  return is === "pattern" ? { ...begun, pattern: "" } : begun;
}

function freeId(cases: readonly Record<string, unknown>[]): string {
  const taken = new Set(cases.map(({ id }) => id));
  for (let number = cases.length + 1; ; number += 1) if (!taken.has(`case_${number}`)) return `case_${number}`;
}
