import { Box, Flex, Text } from "@chakra-ui/react";
import { formatCount, formatPercent } from "./format.ts";

export interface ProgressBarProps {
  /** Null while nobody can say how far it is: the bar then only moves. */
  value: number | null;
  max: number;
  /** The accessible name; with `showLabel` it also stands above the bar. */
  label: string;
  showLabel?: boolean;
  /** The text at the right above the bar: "1,204/3,012" or "39%". */
  show?: "count" | "percent" | "none";
  tone?: "accent" | "error" | "success";
}

const colors = { accent: "accent.solid", error: "status.failed", success: "status.completed" } as const;

export function ProgressBar({ value, max, label, showLabel = false, show = "none", tone = "accent" }: ProgressBarProps) {
  const share = max > 0 && value !== null ? Math.min(1, Math.max(0, value / max)) : 0;
  const told = value === null ? "" : show === "percent" ? formatPercent(value, max) : `${formatCount(value)}/${formatCount(max)}`;
  return (
    <Box width="full">
      {(showLabel || show !== "none") && (
        <Flex justify="space-between" gap="3" mb="1" textStyle="xs" color="fg.muted" aria-hidden>
          <Text as="span" truncate>
            {showLabel && label}
          </Text>
          {show !== "none" && (
            <Text as="span" fontVariantNumeric="tabular-nums" color="fg">
              {told}
            </Text>
          )}
        </Flex>
      )}
      <Box
        role="progressbar"
        aria-label={label}
        aria-valuenow={value ?? undefined}
        aria-valuemin={0}
        aria-valuemax={max}
        aria-valuetext={value === null ? undefined : `${formatCount(value)} of ${formatCount(max)}`}
        height="1.5"
        borderRadius="full"
        bg="bg.emphasized"
        overflow="hidden"
      >
        {value === null ? (
          <Box height="full" width="30%" borderRadius="full" bg={colors[tone]} animation="sluice-flow 1.4s ease-in-out infinite" />
        ) : (
          <Box
            height="full"
            width="full"
            borderRadius="full"
            bg={colors[tone]}
            transition="transform 180ms ease-out"
            style={{ transform: `translateX(${(share - 1) * 100}%)` }}
          />
        )}
      </Box>
    </Box>
  );
}
