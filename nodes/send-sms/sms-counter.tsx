import { Box, Flex, Text } from "@chakra-ui/react";
import type { MessageSurvey } from "#contract/message-previews.ts";
import { countSegments, plainCharacter, type SmsSegments } from "#contract/sms-segments.ts";
import { Button } from "#ui/button.tsx";
import { formatCount, isolated, plural } from "#ui/format.ts";
import { replaceCharacters } from "./replace-characters.ts";

interface SmsCounterProps {
  /** The text as it is written. */
  text: string;
  onChange: (text: string) => void;
  /** The text as it leaves for the contact of the preview, where it does. */
  filled: string | undefined;
  name: string;
  longest: MessageSurvey["longest"];
  looked: number;
  isAll: boolean;
  disabled: boolean;
}

/** What a text costs: its parts for the contact of the preview and for whom it is the longest, and which characters make it dear. */
export function SmsCounter({ text, onChange, filled, name, longest, looked, isAll, disabled }: SmsCounterProps) {
  const own = filled === undefined ? undefined : countSegments(filled);
  const most = longest ? countSegments(longest.text) : undefined;
  const offending = [...new Set([...(own?.offending ?? []), ...(most?.offending ?? [])])];
  const written = offending.filter((character) => text.includes(character));
  const ofData = offending.filter((character) => !text.includes(character));
  const plain = new Map(
    written.flatMap((character) => {
      const instead = plainCharacter(character);
      return instead === undefined ? [] : [[character, instead] as const];
    }),
  );
  const stay = written.filter((character) => !plain.has(character));
  const among = isAll ? plural(looked, "contact") : `the ${formatCount(looked)} newest`;
  return (
    <Box textStyle="xs" color="fg.muted" fontVariantNumeric="tabular-nums">
      <Box role="status" aria-live="off" aria-label="Length">
        {own && (
          <Line who={`For ${isolated(name)}`}>
            <Figures of={own} />
          </Line>
        )}
        {most && longest && (
          <Line who={`Longest of ${among}`}>
            <Figures of={most} />
            {longest.contactName ? ` (${longest.contactName})` : ""}
          </Line>
        )}
      </Box>
      {offending.length > 0 && (
        <Text mt="1.5">
          {[
            written.length > 0 && `${written.map(nameOf).join(" ")} in the text`,
            ofData.length > 0 && `${ofData.map(nameOf).join(" ")} in the data of contacts`,
          ]
            .filter(Boolean)
            .join(" and ")}{" "}
          {offending.length === 1 ? "is" : "are"} not in the short alphabet, so a part holds 70 characters instead of 160.
          {stay.length > 0 && ` Nothing else can stand for ${stay.map(nameOf).join(" ")}.`}
        </Text>
      )}
      {plain.size > 0 && (
        <Flex gap="1.5" wrap="wrap" mt="1.5">
          {[...plain].map(([character, instead]) => (
            <Button
              key={character}
              size="xs"
              disabled={disabled}
              onClick={() => onChange(replaceCharacters(text, new Map([[character, instead]])))}
            >
              {instead === "" ? `Remove ${nameOf(character)}` : `Replace ${nameOf(character)} with ${nameOf(instead)}`}
            </Button>
          ))}
          {plain.size > 1 && (
            <Button size="xs" disabled={disabled} onClick={() => onChange(replaceCharacters(text, plain))}>
              Replace all
            </Button>
          )}
        </Flex>
      )}
    </Box>
  );
}

const Line = ({ who, children }: { who: string; children: React.ReactNode }) => (
  <Text>
    {who}: {children}
  </Text>
);

const Figures = ({ of: { encoding, segments, left } }: { of: SmsSegments }) => (
  <>
    <Box as="span" fontWeight="medium" color={segments > 3 ? "fg.warning" : "fg"}>
      {plural(segments, "part")}
    </Box>
    {` · ${plural(left, "character")} left · ${encoding === "gsm7" ? "short alphabet" : "Unicode"}`}
  </>
);

const invisible: Record<string, string> = {
  " ": "a blank",
  "\t": "a tab",
  "\u00a0": "a blank that does not break",
  "\u202f": "a narrow blank",
  "\u00ad": "a hidden hyphen",
};
/** A character as it can be seen. */
const nameOf = (character: string): string =>
  invisible[character] ??
  (/^(?:[\p{C}\p{Z}]|\ufe0f)/u.test(character)
    ? `a hidden character (U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()})`
    : character);
