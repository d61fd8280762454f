import { Box, Flex, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { flowFields } from "#contract/contact-fields.ts";
import type { SendPreview } from "#contract/sends.ts";
import { mostExcludedDays, reasonsOfNarrowing } from "#contract/who-not.ts";
import { type Path, putAt } from "#nodes/node-panel.tsx";
import { TestList } from "#nodes/test-list/test-list.tsx";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { NumberField } from "#ui/fields/number-field.tsx";
import { plural } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { fieldsQuery } from "#web/entities/fields/field-queries.ts";
import { testFields } from "#web/entities/fields/test-fields.ts";
import { figure } from "./preview-words.ts";
import { type DaysKey, readWhoNot, type WhoNot, type WhoNotDraft } from "./who-not.ts";

interface WhoNotFieldsProps {
  flowId: string;
  value: WhoNot;
  onChange: (value: WhoNot) => void;
  /** What was counted of exactly this; undefined while it is not known. */
  preview: SendPreview | undefined;
  disabled: boolean;
}

const byDays: readonly { key: DaysKey; label: string; usual: number }[] = [
  { key: "messagedDays", label: "Who got a message", usual: 7 },
  { key: "hereDays", label: "Who was in this flow", usual: 30 },
  { key: "silentDays", label: "Who has not replied", usual: 90 },
];
const firstCondition = { match: "all", tests: [{ field: "lead_status", operator: "is", value: "" }] };

/** Shows who of the chosen contacts gets nothing, each with how many it leaves out, and an extra condition. */
export function WhoNotFields({ flowId, value, onChange, preview, disabled }: WhoNotFieldsProps) {
  const { draft, problems } = value;
  const change = (changes: Partial<WhoNotDraft>) => onChange(readWhoNot({ ...draft, ...changes }));
  const count = (key: keyof typeof reasonsOfNarrowing) => {
    if (!preview) return undefined;
    const found = preview.notEnrolled.find(({ reason }) => reason === reasonsOfNarrowing[key]);
    return `leaves out ${found ? figure(found.contacts, preview.sampled) : "nobody"}`;
  };
  return (
    <Stack gap="5" px="3" py="3">
      <Stack as="section" aria-label="Leave out" gap="3">
        <Text fontWeight="medium" textStyle="sm">
          Leave out
        </Text>
        {byDays.map(({ key, label, usual }) => (
          <Box key={key}>
            <Line
              label={label}
              checked={draft[key] !== undefined}
              onChange={(on) => change({ [key]: on ? usual : undefined })}
              count={count(key)}
              disabled={disabled}
            />
            {draft[key] !== undefined && (
              <Flex ms="7" mt="1" gap="2" align="baseline" textStyle="sm">
                <Text as="span" aria-hidden whiteSpace="nowrap">
                  in the last
                </Text>
                <Box width={problems.has(`exclude.${key}`) ? "48" : "24"}>
                  <NumberField
                    label={`${label} in the last so many days`}
                    hideLabel
                    value={draft[key] ?? null}
                    onChange={(days) => change({ [key]: days })}
                    min={1}
                    max={mostExcludedDays}
                    width="24"
                    error={problems.get(`exclude.${key}`)}
                    disabled={disabled}
                  />
                </Box>
                <Text as="span" aria-hidden>
                  {draft[key] === 1 ? "day" : "days"}
                </Text>
              </Flex>
            )}
          </Box>
        ))}
        <Line
          label="Who is in another flow now"
          checked={draft.inAnotherFlow}
          onChange={(inAnotherFlow) => change({ inAnotherFlow })}
          count={count("inAnotherFlow")}
          disabled={disabled}
        />
      </Stack>
      {draft.contacts && draft.contacts.length > 0 && (
        <Line
          label={plural(draft.contacts.length, "contact that you took out", "contacts that you took out")}
          checked
          onChange={() => change({ contacts: undefined })}
          count={count("contacts")}
          disabled={disabled}
        />
      )}
      <Stack as="section" aria-label="Only if" gap="3">
        <Line
          label="Send only to who meets a condition"
          checked={draft.condition !== undefined}
          onChange={(on) => change({ condition: on ? firstCondition : undefined })}
          count={count("condition")}
          disabled={disabled}
        />
        {draft.condition !== undefined && <Condition flowId={flowId} value={value} change={change} disabled={disabled} />}
      </Stack>
      <Text textStyle="xs" color="fg.muted">
        Judged when the contacts come into the flow. The history names who was left out and why.
      </Text>
    </Stack>
  );
}

interface LineProps {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  count: string | undefined;
  disabled: boolean;
}

function Line({ count, ...box }: LineProps) {
  return (
    <Flex gap="3" align="baseline" justify="space-between" wrap="wrap">
      <Checkbox {...box} />
      {box.checked && count && (
        <Text textStyle="xs" color="fg.muted" fontVariantNumeric="tabular-nums" role="status">
          {count}
        </Text>
      )}
    </Flex>
  );
}

interface ConditionProps extends Pick<WhoNotFieldsProps, "flowId" | "value" | "disabled"> {
  change: (changes: Partial<WhoNotDraft>) => void;
}

function Condition({ flowId, value: { draft, problems }, change, disabled }: ConditionProps) {
  const fields = useQuery(fieldsQuery(flowId));
  const facts = {
    testFields: testFields(fields.data, []).filter(({ path }) => flowFields.includes(path)),
    problemAt: (path: Path) => problems.get(path.join(".")),
    disabled,
  };
  const set = (path: Path, next: unknown) =>
    change({ condition: (putAt({ condition: draft.condition }, path, next) as WhoNotDraft).condition });
  return (
    <Box borderStartWidth="3px" borderColor="border.control" ps="3">
      {fields.isError && (
        <LoadError
          title="The values of the fields are not known"
          error={fields.error}
          onRetry={() => void fields.refetch()}
          retrying={fields.isFetching}
        />
      )}
      <TestList at={["condition"]} value={draft.condition} name="the condition" set={set} facts={facts} tests={undefined} />
    </Box>
  );
}
