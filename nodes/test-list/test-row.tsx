import { Box, Flex, Stack, Text, VisuallyHidden } from "@chakra-ui/react";
import { Trash2 } from "lucide-react";
import { type ConditionOperator, denials } from "#contract/field-tests.ts";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import { type NodePanelProps, type PanelFacts, type Path, Place, record, type TestFacts, type TestField } from "../node-panel.tsx";
import { plainField } from "../values/field-name.ts";
import { quoted } from "../words/quoted.ts";
import { wordsOfOperator } from "../words/test-words.ts";
import { FieldPicker } from "./field-picker.tsx";
import { isOperator, operatorsFor, withField, withOperator } from "./operators.tsx";
import { TestValue } from "./test-value.tsx";

export interface ListProps extends Pick<NodePanelProps, "set" | "tests"> {
  facts: Pick<PanelFacts, "testFields" | "problemAt" | "disabled">;
}

interface TestRowProps extends ListProps {
  at: Path;
  value: unknown;
  name: string;
  onRemove: (() => void) | undefined;
}

const mayMindCase = (kind: TestField["kind"], operator: ConditionOperator) =>
  (kind === "text" || kind === "data" || kind === "choice") && operator !== "is_empty" && operator !== "is_not_empty";

/** One test: the field, how it is compared, with what, and how it comes out for the contact of the preview. */
export function TestRow({ at, value, name, set, facts, tests, onRemove }: TestRowProps) {
  const test = record(value);
  const path = plainField(typeof test.field === "string" ? test.field : "");
  const found = facts.testFields.find((one) => one.path === path);
  const field: TestField = found ?? { path, label: path, group: "", kind: "text" };
  const operator: ConditionOperator = isOperator(test.operator) ? test.operator : "is";
  const kind = field.kind === "boolean" && operator !== "is" && operator !== "is_not" ? "text" : field.kind;
  const { disabled } = facts;
  const put = (key: string, next: unknown) => set([...at, key], next);
  return (
    <Box role="group" aria-label={name} data-test-row borderWidth="1px" rounded="md" p="2" bg="bg.panel">
      <Flex gap="1" align="start">
        <Stack gap="1.5" flex="1" minW="0">
          <Place at={[...at, "field"]}>
            <FieldPicker
              value={path}
              fields={facts.testFields}
              error={facts.problemAt([...at, "field"])}
              disabled={disabled}
              onType={(next) => put("field", next)}
              onChange={(next) => {
                const chosen = facts.testFields.find((one) => one.path === next);
                set(at, chosen ? withField(test, next, chosen) : { ...test, field: next }, "whole");
              }}
            />
          </Place>
          <Flex gap="1.5" wrap="wrap">
            <Box flex="1 1 8rem" minW="0">
              <Place at={[...at, "operator"]}>
                <SelectField
                  label="Comparison"
                  hideLabel
                  value={operator}
                  error={facts.problemAt([...at, "operator"])}
                  disabled={disabled}
                  options={operatorsFor(field, operator).map((one) => ({ value: one, label: wordsOfOperator(one, field.kind) }))}
                  onChange={(next) => set(at, withOperator(test, next), "whole")}
                />
              </Place>
            </Box>
            <Box flex="1 1 9rem" minW="0" _empty={{ display: "none" }}>
              <Place at={[...at, "value"]}>
                <TestValue
                  key={`${path} ${operator}`}
                  operator={operator}
                  kind={kind}
                  choices={field.choices ?? []}
                  choiceNames={field.choiceNames ?? {}}
                  value={test.value}
                  error={facts.problemAt([...at, "value"])}
                  disabled={disabled}
                  onChange={(next) => put("value", next)}
                />
              </Place>
            </Box>
          </Flex>
          <Flex gap="4" wrap="wrap" rowGap="1">
            {mayMindCase(kind, operator) && (
              <Place at={[...at, "caseSensitive"]}>
                <Checkbox
                  label="Match case"
                  checked={test.caseSensitive === true}
                  disabled={disabled}
                  onChange={(on) => put("caseSensitive", on || undefined)}
                />
              </Place>
            )}
            {denials.has(operator) && (
              <Place at={[...at, "alsoIfEmpty"]}>
                <Checkbox
                  label="Also if empty"
                  checked={test.alsoIfEmpty !== false}
                  disabled={disabled}
                  onChange={(on) => put("alsoIfEmpty", on ? undefined : false)}
                />
              </Place>
            )}
          </Flex>
          {tests && <Verdict at={at} tests={tests} />}
        </Stack>
        {onRemove && <IconButton size="xs" tooltip="title" icon={Trash2} label={`Remove ${name}`} disabled={disabled} onClick={onRemove} />}
      </Flex>
    </Box>
  );
}

/** “On Anna: New → ✗”. */
function Verdict({ at, tests }: { at: Path; tests: TestFacts }) {
  const verdict = tests.verdictAt(at);
  if (verdict === undefined || tests.contactName === undefined) return null;
  const { held, found } = verdict;
  return (
    <Text textStyle="xs" color="fg.muted" overflowWrap="anywhere" data-verdict>
      {held === null ? (
        "Known only when the flow runs"
      ) : (
        <>
          On {tests.contactName}: {found === null || found === "" ? "empty" : quoted(found)}{" "}
          <Text as="span" aria-hidden whiteSpace="nowrap">
            →{" "}
            <Text as="span" fontWeight="semibold" color={held ? "status.completed" : "fg.muted"}>
              {held ? "✓" : "✗"}
            </Text>
          </Text>{" "}
          <VisuallyHidden>{held ? "holds" : "does not hold"}</VisuallyHidden>
        </>
      )}
    </Text>
  );
}
