import { Stack, Text } from "@chakra-ui/react";
import { consentTargets } from "#contract/csv/consent.ts";
import type { ImportColumn } from "#contract/import-settings.ts";
import { SelectField } from "#ui/fields/select-field.tsx";
import { Notice } from "#ui/notice.tsx";
import { type ImportFile, targetLabels } from "./import-file.ts";

interface ImportConsentQuestionsProps {
  source: ImportFile;
  questions: readonly number[];
  /** The server found them in rows that the browser does not show. */
  isAfterReading: boolean;
  onChoose: (index: number, chosen: Pick<ImportColumn, "target" | "notConsent">) => void;
}

const notConsent = "not_consent";
const options = [
  ...consentTargets.map((value) => ({ value, label: targetLabels[value] })),
  { value: notConsent, label: "It is not about consent" },
];

/** Asks what each column means that seems to say who does not want messages. The import waits for every answer. */
export function ImportConsentQuestions({ source, questions, isAfterReading, onChoose }: ImportConsentQuestionsProps) {
  const { names, columns } = source;
  return (
    <Notice status="warning" title="Does this file say who does not want messages?">
      <Text mb="3">
        {isAfterReading ? "Reading the whole file has found this. " : ""}
        Say what these columns mean, and the import can begin. Whoever refused gets no message.
      </Text>
      <Stack gap="3">
        {questions.map((index) => (
          <SelectField
            key={index}
            label={names[index] ?? ""}
            help={source.examples[index]?.join(" · ") || undefined}
            value=""
            placeholder="Choose what it means"
            options={options}
            onChange={(chosen) => {
              const column = columns[index] as ImportColumn;
              const target = consentTargets.find((value) => value === chosen);
              onChoose(index, target ? { target } : { target: column.target, notConsent: true });
            }}
          />
        ))}
      </Stack>
    </Notice>
  );
}
