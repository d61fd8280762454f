import { Box, Flex, Text } from "@chakra-ui/react";
import { useState } from "react";
import { type MergeField, rewriteFields, templatePieces } from "#contract/template.ts";
import { Button } from "../button.tsx";
import { ActionMenu } from "../menu.tsx";
import { DefaultForm } from "./default-form.tsx";
import { defaultOf, formatsOf, isSameFormat, refilter, withDefault, withFormat } from "./field-filters.ts";
import { type MergeFields, proposedDefault } from "./merge-fields.ts";

interface UsedFieldsProps {
  /** What the text is called. */
  label: string;
  text: string;
  fields: MergeFields;
  onChange: (text: string) => void;
  disabled?: boolean | undefined;
}

/** The fields that a text holds: how often each is missing and what stands in for it. */
export function UsedFields({ label, text, fields, onChange, disabled }: UsedFieldsProps) {
  const pieces = templatePieces(text);
  const uses = Map.groupBy(
    pieces.flatMap(({ field }) => field ?? []),
    ({ source }) => source,
  );
  const broken = [...new Map(pieces.flatMap(({ raw, problem }) => (problem?.suggestion ? [[raw, problem.suggestion] as const] : [])))];
  if (uses.size === 0 && broken.length === 0) return null;
  return (
    <Box as="ul" listStyleType="none" aria-label={`Fields in “${label}”`} mt="1.5">
      {broken.map(([raw, suggestion]) => (
        <Line key={raw} name={raw}>
          <Fix
            suggestion={suggestion}
            disabled={disabled}
            onFix={() => onChange(rewriteFields(text, (piece) => (piece.raw === raw ? `{{ ${suggestion} }}` : undefined)))}
          />
        </Line>
      ))}
      {[...uses].map(([source, found]) => (
        <Used key={source} {...{ source, found, text, fields, onChange, disabled }} />
      ))}
    </Box>
  );
}

interface UsedProps extends Omit<UsedFieldsProps, "label"> {
  source: string;
  /** Every place of this field in the text. */
  found: readonly MergeField[];
}

function Used({ source, found, text, fields, onChange, disabled }: UsedProps) {
  const [isAsking, setAsking] = useState(false);
  const [first] = found as [MergeField];
  const option = fields.find(first.path);
  const suggestion = option ? undefined : fields.suggest(first);
  const defaults = new Set(found.map(defaultOf));
  const [only] = defaults;
  const standsIn = defaults.size === 1 ? only : undefined;
  const isCovered = !defaults.has(undefined);
  const formats = formatsOf(option);
  const chosen = formats.find((format) => found.every((place) => isSameFormat(place, format)));
  const name = option?.label ?? source;
  const format = chosen?.filter ? chosen.label : "Format";
  const ask = isCovered ? "Change" : "Set a default";
  return (
    <Line name={name} isWarning={option?.missing !== undefined && !isCovered}>
      {suggestion !== undefined && (
        <Fix
          suggestion={suggestion}
          disabled={disabled}
          onFix={() =>
            onChange(rewriteFields(text, ({ raw, field }) => (field?.source === source ? raw.replace(source, suggestion) : undefined)))
          }
        />
      )}
      {option?.missing !== undefined && (
        <Text as="span" color={isCovered ? "fg.muted" : "fg.warning"}>
          {option.missing}
        </Text>
      )}
      {standsIn !== undefined && <Text as="span">{standsIn === "" ? "then nothing" : `then “${standsIn}”`}</Text>}
      {(option?.missing !== undefined || standsIn !== undefined) && (
        <Button
          size="xs"
          px="1.5"
          tone="ghost"
          disabled={disabled}
          aria-label={`${ask} for ${name}`}
          aria-expanded={isAsking}
          onClick={() => setAsking(!isAsking)}
        >
          {ask}
        </Button>
      )}
      {option?.kind !== "boolean" && suggestion === undefined && (
        <ActionMenu
          trigger={
            <Button size="xs" px="1.5" tone="ghost" disabled={disabled} aria-label={`${format} of ${name}`}>
              {format}
            </Button>
          }
          items={formats.map((one) => ({
            label: one.label,
            checked: one === chosen,
            oneOf: true,
            onSelect: () => onChange(refilter(text, source, (filters) => withFormat(filters, one))),
          }))}
        />
      )}
      {isAsking && (
        <Box flexBasis="full" py="2">
          <DefaultForm
            initial={standsIn ?? proposedDefault(option?.path ?? source)}
            submit="Set it"
            onSubmit={(typed) => {
              setAsking(false);
              onChange(refilter(text, source, (filters) => withDefault(filters, typed)));
            }}
            more={
              <Button size="xs" tone="ghost" onClick={() => setAsking(false)}>
                Cancel
              </Button>
            }
          />
        </Box>
      )}
    </Line>
  );
}

function Line({ name, isWarning, children }: { name: string; isWarning?: boolean; children: React.ReactNode }) {
  return (
    <Flex as="li" align="center" wrap="wrap" columnGap="1.5" textStyle="xs" color="fg.muted" minH="7">
      <Box
        as="span"
        px="1.5"
        py="0.5"
        borderRadius="l1"
        bg={isWarning ? "bg.warning" : "bg.muted"}
        color="fg"
        maxW="full"
        truncate
        title={name}
      >
        {name}
      </Box>
      {children}
    </Flex>
  );
}

const Fix = ({ suggestion, disabled, onFix }: { suggestion: string; disabled: boolean | undefined; onFix: () => void }) => (
  <>
    <Text as="span" color="fg.warning">
      is no field
    </Text>
    <Button size="xs" disabled={disabled} onClick={onFix}>
      Use {suggestion}
    </Button>
  </>
);
