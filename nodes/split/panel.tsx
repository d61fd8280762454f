import { Box, Flex, Stack, Text } from "@chakra-ui/react";
import { Equal, Plus, Trash2 } from "lucide-react";
import { Button } from "#ui/button.tsx";
import { NumberField } from "#ui/fields/number-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import { type NodePanelProps, Place, record } from "../node-panel.tsx";
import { equalPercents, percentSum } from "./share-sums.ts";

const [fewest, most] = [2, 10];

/** The shares with a bar that shows them, and their sum. */
export function SplitPanel({ value, set, facts, control }: NodePanelProps) {
  const shares = (Array.isArray(value.shares) ? value.shares : []).map(record);
  const percents = shares.map(({ percent }) => (typeof percent === "number" ? percent : 0));
  const sum = percentSum(percents);
  const problem = facts.problemAt(["shares"]);
  const makeEqual = () =>
    set(
      ["shares"],
      equalPercents(shares.length).map((percent, index) => ({ ...shares[index], percent })),
    );
  const add = () => set(["shares"], [...shares, { id: freeId(shares), label: "", percent: 0 }]);
  return (
    <>
      <Stack gap="3" role="group" aria-label="Shares">
        <Bar percents={percents} names={shares.map(({ label, id }) => String(label || id))} />
        {shares.map((share, index) => {
          const name = `share ${index + 1}`;
          return (
            <Flex key={String(share.id)} role="group" aria-label={name} gap="2" align="end">
              <Box flex="1" minW="0">
                <Place at={["shares", index, "label"]}>
                  <TextField
                    label="Name"
                    required={false}
                    hideLabel={index > 0}
                    value={String(share.label ?? "")}
                    placeholder={String(share.id ?? "")}
                    maxLength={200}
                    error={facts.problemAt(["shares", index, "label"])}
                    onChange={(label) => set(["shares", index, "label"], label)}
                    disabled={facts.disabled}
                  />
                </Place>
              </Box>
              <Place at={["shares", index, "percent"]}>
                <NumberField
                  label="Percent"
                  hideLabel={index > 0}
                  width="24"
                  min={0}
                  step={0.01}
                  value={typeof share.percent === "number" ? share.percent : null}
                  error={facts.problemAt(["shares", index, "percent"])}
                  onChange={(percent) => set(["shares", index, "percent"], percent ?? undefined)}
                  disabled={facts.disabled}
                />
              </Place>
              <IconButton
                icon={Trash2}
                label={`Remove ${name}`}
                tooltip="title"
                disabled={facts.disabled || shares.length <= fewest}
                onClick={() => set(["shares", index], undefined)}
              />
            </Flex>
          );
        })}
        <Flex gap="2" align="center" wrap="wrap">
          <Button size="xs" icon={Plus} disabled={facts.disabled || shares.length >= most} onClick={add}>
            Add share
          </Button>
          <Button size="xs" icon={Equal} disabled={facts.disabled} onClick={makeEqual}>
            Equal
          </Button>
          <Text role="status" textStyle="sm" color={sum === 100 ? "fg.muted" : "fg.error"}>
            {sum === 100 ? "100 % together" : `${sum} % together, and it must be 100 %`}
          </Text>
        </Flex>
        {problem !== undefined && sum === 100 && (
          <Text textStyle="sm" color="fg.error">
            {problem}
          </Text>
        )}
      </Stack>
      {control("draw")}
    </>
  );
}

const tones = ["accent.solid", "status.running", "status.waiting", "status.completed", "border.control"];

function Bar({ percents, names }: { percents: readonly number[]; names: readonly string[] }) {
  return (
    <Flex h="2" rounded="full" overflow="hidden" bg="bg.muted" aria-hidden gap="1px">
      {percents.map((percent, index) => (
        <Box
          // biome-ignore lint/suspicious/noArrayIndexKey: the bar has no parts of its own
          key={index}
          title={`${names[index]}: ${percent} %`}
          w={`${Math.max(0, Math.min(100, percent))}%`}
          bg={tones[index % tones.length]}
        />
      ))}
    </Flex>
  );
}

/** The next letter that no share has. Its id is the exit's name for ever, whatever it is called. */
function freeId(shares: readonly Record<string, unknown>[]): string {
  const taken = new Set(shares.map(({ id }) => id));
  return [..."abcdefghijklmnopqrstuvwxyz"].find((letter) => !taken.has(letter)) ?? `share_${shares.length + 1}`;
}
