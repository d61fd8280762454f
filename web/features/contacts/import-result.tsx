import { Box, Flex, Stack, Table, Text } from "@chakra-ui/react";
import { Download } from "lucide-react";
import { useState } from "react";
import { importLimits } from "#contract/import-settings.ts";
import type { ContactImport, ImportProblem } from "#contract/imports.ts";
import { Button } from "#ui/button.tsx";
import { formatCount, plural } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { ImportLines } from "./import-lines.tsx";
import { problemsCsv } from "./problems-csv.ts";
import { UndoImport } from "./undo-import.tsx";

const shownProblems = 100;

/** The exact result of an import, with every line that was refused or changed. */
export function ImportResult({ result: imported }: { result: ContactImport }) {
  const [undone, setUndone] = useState<ContactImport | null>(null);
  const result = undone ?? imported;
  const { rowsRead, created, updated, refused, keptApart, overwritten, fromBin, problems } = result;
  const isCut = problems.length >= importLimits.problemsKept;
  return (
    <Stack gap="4">
      {result.state === "failed" ? (
        <Notice status="error" title="The import stopped before the end">
          {result.errorMessage ?? "The file could not be read to its end."} What had been read before stays imported.
        </Notice>
      ) : (
        <Notice status={refused > 0 ? "warning" : "success"} title={`${plural(rowsRead, "row")} read`}>
          {refused === 0
            ? "Every row was imported: it added a contact, or updated one."
            : `${plural(refused, "row")} could not be imported; the reasons are below.`}
        </Notice>
      )}
      <Flex gap="8" wrap="wrap" as="dl">
        <Figure label="Added" count={created} />
        <Figure label="Updated" count={updated} />
        {fromBin > 0 && <Figure label="Restored" count={fromBin} />}
        <Figure label="Kept apart" count={keptApart} />
        <Figure label="Values replaced" count={overwritten} />
        <Figure label="Refused" count={refused} />
      </Flex>
      {keptApart > 0 && (
        <Text textStyle="sm" color="fg.muted">
          Kept apart: added as somebody else, because a contact with the same number or address has another name, address, number or ID.
        </Text>
      )}
      {fromBin > 0 && (
        <Text textStyle="sm" color="fg.muted">
          Restored: {plural(fromBin, "of the updated contacts was", "of the updated contacts were")} in the bin and came back from it.
        </Text>
      )}
      <UndoImport result={result} onUndone={setUndone} />
      {keptApart + overwritten + fromBin > 0 && !result.undone && <ImportLines result={result} />}
      {problems.length > 0 && (
        <Box>
          <Flex justify="space-between" align="center" gap="3" mb="2">
            <Text fontWeight="medium" textStyle="sm">
              {isCut ? "The first " : ""}
              {plural(problems.length, "problem")} by line
            </Text>
            <Button size="xs" icon={Download} onClick={() => download(problems, result.fileName)}>
              Download as CSV
            </Button>
          </Flex>
          <Box borderWidth="1px" borderRadius="l2" overflow="auto" maxHeight="64" tabIndex={0} role="group" aria-label="Problems by line">
            <Table.Root size="sm" stickyHeader>
              <Table.Header>
                <Table.Row>
                  <Table.ColumnHeader textAlign="end">Line</Table.ColumnHeader>
                  <Table.ColumnHeader>Column</Table.ColumnHeader>
                  <Table.ColumnHeader>Problem</Table.ColumnHeader>
                </Table.Row>
              </Table.Header>
              <Table.Body>
                {problems.slice(0, shownProblems).map((problem, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: one line may have the same problem twice.
                  <Table.Row key={index}>
                    <Table.Cell textAlign="end" fontVariantNumeric="tabular-nums">
                      {formatCount(problem.line)}
                    </Table.Cell>
                    <Table.Cell>{problem.column ?? ""}</Table.Cell>
                    <Table.Cell overflowWrap="anywhere">{problem.message}</Table.Cell>
                  </Table.Row>
                ))}
              </Table.Body>
            </Table.Root>
          </Box>
          {problems.length > shownProblems && (
            <Text mt="1.5" textStyle="xs" color="fg.muted">
              The first {shownProblems} are shown; the download has {isCut ? "the first" : "all"} {formatCount(problems.length)}.
              {isCut && " No more are kept of one import: mend these in the file and import it again to see whether there are others."}
            </Text>
          )}
        </Box>
      )}
    </Stack>
  );
}

function Figure({ label, count }: { label: string; count: number }) {
  return (
    <Box>
      <Text as="dt" textStyle="xs" color="fg.muted">
        {label}
      </Text>
      <Text as="dd" textStyle="lg" fontWeight="medium" fontVariantNumeric="tabular-nums" m="0">
        {formatCount(count)}
      </Text>
    </Box>
  );
}

const download = (problems: readonly ImportProblem[], fileName: string | null) => {
  const url = URL.createObjectURL(new Blob([problemsCsv(problems)], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${(fileName ?? "import").replace(/\.[^.]+$/, "")}-problems.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 0);
};
