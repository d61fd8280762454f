import { Box, Flex, Stack, Table, Text } from "@chakra-ui/react";
import { type Encoding, encodingNames, encodings } from "#contract/csv/encodings.ts";
import { type ImportColumn, type ImportTarget, importTargets } from "#contract/import-settings.ts";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { plural } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { phoneCountryOptions } from "#web/lib/phone-countries.ts";
import { ImportConsentQuestions } from "./import-consent-questions.tsx";
import { consentReading, doubledTargets, type ImportFile, namesIds, namesSomebody, targetLabels } from "./import-file.ts";

interface ImportMappingStepProps {
  source: ImportFile;
  country: string;
  /** The columns that a person must decide about before the import begins, and those of them that the server named. */
  questions: readonly number[];
  asked: readonly number[];
  /** The system whose ids the file gives, where a column holds them. */
  system: string;
  onSystem: (system: string) => void;
  onCountry: (country: string) => void;
  onColumns: (columns: ImportColumn[]) => void;
  onEncoding: (encoding: Encoding) => void;
  onHeaderRow: (row: number) => void;
}

const targets = importTargets.map((value) => ({ value, label: targetLabels[value] }));
const encodingOptions = encodingNames.map((value) => ({ value, label: encodings[value] }));

/** Assigns a target to each column of the file, shows its first values, and how the file's letters are read. */
export function ImportMappingStep(props: ImportMappingStepProps) {
  const { source, country, system, questions, asked, onCountry, onSystem, onColumns, onEncoding, onHeaderRow } = props;
  const { columns, names, isWorkbook, encoding } = source;
  const doubled = doubledTargets(columns);
  const choose = (index: number, chosen: Pick<ImportColumn, "target" | "notConsent">) =>
    onColumns(columns.map((column, at) => (at === index ? { header: column.header, ...chosen } : column)));
  return (
    <Stack gap="4">
      <Text textStyle="sm" color="fg.muted" overflowWrap="anywhere">
        {source.name}: say what each column is. What is not known is kept under its own name.
      </Text>
      {source.told.length > 0 && (
        <Notice status="info">
          {source.told.map((sentence) => (
            <Text key={sentence} overflowWrap="anywhere">
              {sentence}
            </Text>
          ))}
        </Notice>
      )}
      <Flex gap="4" wrap="wrap" align="flex-start">
        <SelectField
          label="Country of numbers without a code"
          value={country}
          onChange={onCountry}
          options={phoneCountryOptions}
          width="64"
        />
        {!isWorkbook && <SelectField label="Text encoding" value={encoding} onChange={onEncoding} options={encodingOptions} width="80" />}
        {namesIds(columns) && (
          <TextField
            label="System of the IDs"
            help="HubSpot, say. The same ID of this system is always the same person."
            value={system}
            onChange={onSystem}
            maxLength={100}
            autoComplete="off"
          />
        )}
      </Flex>
      <HeaderRow source={source} onHeaderRow={onHeaderRow} />
      <Letters source={source} />
      {questions.length > 0 && (
        <ImportConsentQuestions source={source} questions={questions} onChoose={choose} isAfterReading={asked.length > 0} />
      )}
      <Box borderWidth="1px" borderRadius="l2" overflow="auto" maxHeight="96" tabIndex={0} role="group" aria-label="Columns of the file">
        <Table.Root size="sm" stickyHeader>
          <Table.Header>
            <Table.Row>
              <Table.ColumnHeader>Column</Table.ColumnHeader>
              <Table.ColumnHeader hideBelow="md">First values</Table.ColumnHeader>
              <Table.ColumnHeader width="48">Becomes</Table.ColumnHeader>
            </Table.Row>
          </Table.Header>
          <Table.Body>
            {columns.map(({ target, notConsent }, index) => (
              <ColumnRow
                // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place in the file.
                key={index}
                name={names[index] ?? ""}
                target={target}
                examples={source.examples[index]?.join(" · ") ?? ""}
                reading={consentReading(source, index)}
                onTarget={(next) => choose(index, { target: next, ...(notConsent ? { notConsent } : {}) })}
              />
            ))}
          </Table.Body>
        </Table.Root>
      </Box>
      {doubled.length > 0 && (
        <Notice status="error">
          Only one column can be {doubled.map((target) => `“${targetLabels[target]}”`).join(" and ")}. Keep the others under their own name.
        </Notice>
      )}
      {!namesSomebody(columns) && <Notice status="error">One column at least must be a name, an e-mail address or a phone number.</Notice>}
    </Stack>
  );
}

/** Which line names the columns. What is passed over above it, and that no line does, is said in words. */
function HeaderRow({ source: { headerRow, beginning }, onHeaderRow }: Pick<ImportMappingStepProps, "source" | "onHeaderRow">) {
  const options = [
    { value: "0", label: "None: the first line is a contact" },
    ...beginning.map((line, index) => ({ value: String(index + 1), label: `“${line}”` })),
  ];
  const skipped = beginning.slice(0, Math.max(0, headerRow - 1));
  return (
    <Stack gap="2">
      <SelectField
        label="Which line names the columns?"
        value={String(headerRow)}
        onChange={(row) => onHeaderRow(Number(row))}
        options={options}
      />
      {headerRow === 0 && (
        <Notice status="info" title="No line names the columns">
          The first line is imported as a contact, and the columns are called by their place.
        </Notice>
      )}
      {skipped.length > 0 && (
        <Notice status="info" title={`${plural(skipped.length, "line")} above the names will not be imported`}>
          {skipped.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place in the file.
            <Text key={index}>{line}</Text>
          ))}
        </Notice>
      )}
    </Stack>
  );
}

/** The first values with letters beyond ASCII, as they are read now: a person sees at once whether the names are right. */
function Letters({ source: { letters, isWorkbook } }: { source: ImportFile }) {
  if (isWorkbook || letters.length === 0) return null;
  const isBroken = letters.some((value) => value.includes("\u{FFFD}"));
  return (
    <Notice
      status={isBroken ? "warning" : "info"}
      title={isBroken ? "Some letters cannot be read this way" : "These characters are read as"}
    >
      <Text as="span" lang="">
        {letters.join(" · ")}
      </Text>
      {isBroken && <Text>Choose another entry under “Text encoding” until the names are right.</Text>}
    </Notice>
  );
}

interface ColumnRowProps {
  name: string;
  target: ImportTarget;
  examples: string;
  reading: ReturnType<typeof consentReading>;
  onTarget: (target: ImportTarget) => void;
}

function ColumnRow({ name, target, examples, reading, onTarget }: ColumnRowProps) {
  return (
    <Table.Row opacity={target === "ignore" ? 0.7 : 1}>
      <Table.Cell fontWeight="medium" maxWidth="40">
        <Text truncate title={name}>
          {name}
        </Text>
        <Text hideFrom="md" truncate textStyle="xs" fontWeight="normal" color="fg.muted">
          {examples}
        </Text>
      </Table.Cell>
      <Table.Cell color="fg.muted" maxWidth="56" hideBelow="md">
        <Text truncate title={examples}>
          {examples || "–"}
        </Text>
      </Table.Cell>
      <Table.Cell>
        <SelectField label={`What “${name}” becomes`} hideLabel value={target} options={targets} onChange={onTarget} />
        {reading && (
          <Text mt="1" textStyle="xs" color="fg.muted">
            {plural(reading.refusals, "refusal")} in the first rows.
            {reading.unclear > 0 && ` ${plural(reading.unclear, "value")} cannot be understood: those rows are refused.`}
          </Text>
        )}
      </Table.Cell>
    </Table.Row>
  );
}
