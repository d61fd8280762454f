import { Grid, Stack, Text } from "@chakra-ui/react";
import { Fragment } from "react";
import { NumberField } from "#ui/fields/number-field.tsx";
import { type SenderPaces, usualPartsPerSecond } from "./sender-paces.ts";

/** The pace that is typed for a sender; null stands for the usual one. */
type TypedPace = { partsPerSecond: number | null; partsPerDay: number | null };
export type TypedPaces = Readonly<Record<string, TypedPace>>;

export const typedPaces = (paces: SenderPaces = {}): TypedPaces =>
  Object.fromEntries(
    Object.entries(paces).map(([sender, { partsPerSecond = null, partsPerDay = null }]) => [sender, { partsPerSecond, partsPerDay }]),
  );

/** The settings of these senders. What was typed for one that is gone is left out. */
export const pacesOf = (typed: TypedPaces, senders: readonly string[]): SenderPaces =>
  Object.fromEntries(
    senders.flatMap((sender) => {
      const { partsPerSecond = null, partsPerDay = null } = typed[sender] ?? {};
      if (partsPerSecond === null && partsPerDay === null) return [];
      return [[sender, { ...(partsPerSecond !== null && { partsPerSecond }), ...(partsPerDay !== null && { partsPerDay }) }]];
    }),
  );

interface PaceFieldsProps {
  senders: readonly string[];
  /** How a sender is called here, where its own name says nothing. */
  nameOf?: (sender: string) => string;
  value: TypedPaces;
  onChange: (value: TypedPaces) => void;
  problem: (path: string) => string | undefined;
}

/** How fast each sender may send. What is faster waits here, and not in a queue at the provider that gives messages up. */
export function PaceFields({ senders, nameOf = (sender) => sender, value, onChange, problem }: PaceFieldsProps) {
  if (senders.length === 0) return null;
  const distinct = [...new Set(senders)];
  const set = (sender: string, change: Partial<TypedPace>) =>
    onChange({ ...value, [sender]: { partsPerSecond: null, partsPerDay: null, ...value[sender], ...change } });
  return (
    <Stack gap="2" role="group" aria-label="How fast each sender may send">
      <Grid templateColumns={{ base: "1fr 1fr", md: "1fr 10rem 10rem" }} gap="3" alignItems="start">
        {distinct.map((sender) => (
          <Fragment key={sender}>
            <Text fontFamily="mono" textStyle="sm" pt={{ md: "8" }} gridColumn={{ base: "1 / -1", md: "auto" }} overflowWrap="anywhere">
              {nameOf(sender)}
            </Text>
            <NumberField
              label="Parts a second"
              required={false}
              min={1}
              max={1_000}
              width="full"
              placeholder={String(usualPartsPerSecond(sender))}
              value={value[sender]?.partsPerSecond ?? null}
              onChange={(partsPerSecond) => set(sender, { partsPerSecond })}
              error={problem(`settings.paces.${sender}.partsPerSecond`)}
            />
            <NumberField
              label="Parts a day"
              required={false}
              min={1}
              max={100_000_000}
              width="full"
              placeholder="No limit"
              value={value[sender]?.partsPerDay ?? null}
              onChange={(partsPerDay) => set(sender, { partsPerDay })}
              error={problem(`settings.paces.${sender}.partsPerDay`)}
            />
          </Fragment>
        ))}
      </Grid>
      <Text textStyle="xs" color="fg.muted">
        What carriers take of the sender, by its registration. A long text counts as several parts. What would be faster waits, and the
        history says so; a day begins at midnight Pacific time, as carriers count it.
      </Text>
    </Stack>
  );
}
