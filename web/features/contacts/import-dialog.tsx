import { Flex, Spinner, Stack, Text } from "@chakra-ui/react";
import { useState } from "react";
import { importLimits } from "#contract/import-settings.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { FileDrop } from "#ui/file-drop.tsx";
import { formatCount } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { useSession } from "#web/entities/session/use-session.ts";
import { isApiError } from "#web/lib/api-error.ts";
import {
  doubledTargets,
  type ImportFile,
  inEncoding,
  namesIds,
  namesSomebody,
  openImportFile,
  openQuestions,
  withHeaderRow,
} from "./import-file.ts";
import { ImportMappingStep } from "./import-mapping-step.tsx";
import { ImportResult } from "./import-result.tsx";
import { RecentImports } from "./recent-imports.tsx";
import { useImport } from "./use-import.ts";

/** Imports a CSV file in three steps: choose the file, map its columns, see the result. */
export function ImportDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { workspace } = useSession();
  const [source, setSource] = useState<ImportFile | null>(null);
  const [problem, setProblem] = useState<string>();
  const [country, setCountry] = useState(workspace.country);
  const { start, startOver, running, error, result, rowsRead } = useImport();
  // The server reads every row; the browser has seen the first ones only.
  const asked = isApiError(error, "consent_unclear") ? error.problems.map(({ path }) => Number(path.split(".")[1])) : [];
  const [system, setSystem] = useState("");
  const questions = source === null ? [] : openQuestions(source, asked);
  const ready =
    source !== null &&
    namesSomebody(source.columns) &&
    doubledTargets(source.columns).length === 0 &&
    questions.length === 0 &&
    (!namesIds(source.columns) || system.trim() !== "");

  const take = async (file: File) => {
    const opened = await openImportFile(file).catch(() => ({ problem: `“${file.name}” could not be read.` }));
    show(opened);
  };
  const show = (opened: ImportFile | { problem: string }) => {
    if ("problem" in opened) return setProblem(opened.problem);
    setProblem(undefined);
    setSource(opened);
  };
  const another = () => {
    startOver();
    setSource(null);
  };

  return (
    <Dialog
      open={open}
      onClose={onClose}
      closeable={!running}
      size={source && !running ? "lg" : "md"}
      title={result ? "Import finished" : "Import contacts"}
      footer={
        result ? (
          <>
            <Button tone="ghost" onClick={another}>
              Import another file
            </Button>
            <Button tone="primary" onClick={onClose}>
              Done
            </Button>
          </>
        ) : source ? (
          <>
            <Button tone="ghost" onClick={another} disabled={running}>
              Back
            </Button>
            <Button
              tone="primary"
              disabled={!ready}
              busy={running}
              loadingText="Importing..."
              onClick={() => start({ source, columns: source.columns, country, system: system.trim() })}
            >
              Import contacts
            </Button>
          </>
        ) : (
          <Button tone="ghost" onClick={onClose}>
            Cancel
          </Button>
        )
      }
    >
      {result ? (
        <ImportResult result={result} />
      ) : running ? (
        <Flex align="center" gap="3" py="6" role="status" textStyle="sm">
          <Spinner size="sm" />
          <Text fontVariantNumeric="tabular-nums">
            {rowsRead === 0 ? `Uploading ${source?.name}…` : `${formatCount(rowsRead)} rows read…`}
          </Text>
        </Flex>
      ) : source ? (
        <Stack gap="4">
          <ImportMappingStep
            source={source}
            system={system}
            onSystem={setSystem}
            country={country}
            onCountry={setCountry}
            questions={questions}
            asked={asked}
            onColumns={(columns) => setSource({ ...source, columns })}
            onEncoding={(encoding) => show(inEncoding(source, encoding))}
            onHeaderRow={(row) => show(withHeaderRow(source, row))}
          />
          {error && !isApiError(error, "consent_unclear") && (
            <Notice status="error" title={error.message}>
              {isApiError(error) && error.problems.map(({ path, message }) => <Text key={path + message}>{message}</Text>)}
            </Notice>
          )}
        </Stack>
      ) : (
        <>
          <FileDrop
            label="Drop a CSV or Excel file here"
            help={`Exports of Google Contacts, Outlook, HubSpot, Mailchimp, HighLevel and others are recognised. Up to ${importLimits.bytes / 1024 / 1024} MB and ${formatCount(importLimits.rows)} rows.`}
            accept=".csv,.txt,.tsv,.xlsx,text/csv"
            error={problem}
            onFile={(file) => void take(file)}
          />
          <RecentImports />
        </>
      )}
    </Dialog>
  );
}
