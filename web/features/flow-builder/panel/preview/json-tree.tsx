import { Box, chakra, Stack, Text } from "@chakra-ui/react";

interface JsonTreeProps {
  value: unknown;
  disabled: boolean;
  /** A value was clicked: the path to it, `data.order.id`. */
  onPick(path: string): void;
}

const most = 200;
const deepest = 10;

/** The values of an answer, each of which can be clicked. What has no path that a step could keep is only shown. */
export function JsonTree({ value, disabled, onPick }: JsonTreeProps) {
  const rows = rowsOf(value).slice(0, most + 1);
  return (
    <Stack
      as="ul"
      gap="0"
      listStyleType="none"
      textStyle="xs"
      fontFamily="mono"
      bg="bg.muted"
      rounded="md"
      p="2"
      maxH="80"
      overflowY="auto"
    >
      {rows.slice(0, most).map(({ name, path, depth, text }) => (
        <Box as="li" key={path.join("\0")} ps={`${depth}rem`} overflowWrap="anywhere">
          <Text as="span" color="fg.muted">
            {name === "" ? "" : `${name}: `}
          </Text>
          {text === undefined ? null : canKeep(path) ? (
            <Value
              disabled={disabled}
              aria-label={`Keep ${path.join(".")}: ${text}`}
              title={`Keep ${path.join(".")}`}
              onClick={() => onPick(path.join("."))}
            >
              {text}
            </Value>
          ) : (
            text
          )}
        </Box>
      ))}
      {rows.length > most && (
        <Box as="li" color="fg.muted">
          and more
        </Box>
      )}
    </Stack>
  );
}

const Value = chakra("button", {
  base: {
    textAlign: "start",
    minH: "6",
    cursor: "pointer",
    color: "fg",
    textDecoration: "underline",
    textDecorationStyle: "dotted",
    textUnderlineOffset: "2px",
    _hover: { textDecorationStyle: "solid" },
    _disabled: { cursor: "not-allowed", textDecoration: "none" },
  },
});

interface Row {
  name: string;
  path: string[];
  depth: number;
  /** Undefined for an object or a list, whose values follow. */
  text: string | undefined;
}

function rowsOf(value: unknown, path: string[] = []): Row[] {
  const row = { name: path.at(-1) ?? "", path, depth: Math.max(0, path.length - 1) };
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : undefined;
  if (!entries || entries.length === 0 || path.length >= deepest) return [{ ...row, text: short(JSON.stringify(value) ?? "") }];
  const inner = entries.slice(0, most + 1).flatMap(([key, each]) => rowsOf(each, [...path, key]));
  return path.length === 0 ? inner : [{ ...row, text: undefined }, ...inner];
}

const short = (text: string): string => (text.length <= 120 ? text : `${text.slice(0, 120)}…`);

/** A path that a step may name: see the settings of a webhook. */
const canKeep = (path: readonly string[]): boolean =>
  path.length > 0 && path.length <= 10 && path.every((part) => /^[^.\s]{1,100}$/.test(part)) && path.join(".").length <= 300;
