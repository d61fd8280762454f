import { Box, Flex, Stack, Text, Textarea } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FileJson } from "lucide-react";
import { useState } from "react";
import { type FlowImported, longestFlowFile } from "#contract/flow-files.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { FieldFrame } from "#ui/fields/field.tsx";
import { FileDrop } from "#ui/file-drop.tsx";
import { plural } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { refreshFlows } from "#web/entities/flows/flow-queries.ts";
import { api } from "#web/lib/api.ts";
import { isApiError } from "#web/lib/api-error.ts";
import { readFlowText } from "./flow-text.ts";

interface ImportFlowDialogProps {
  open: boolean;
  onClose: () => void;
  onImported: (flow: FlowImported) => void;
  /** What was pasted on the page, to begin with. */
  pasted?: string | undefined;
  /** The folder in which the flow is put; without one, the folder that the file names. */
  folderId?: string | undefined;
}

/** Makes a flow of a file or of a text that is pasted. Nothing of it is sent before somebody publishes it. */
export function ImportFlowDialog({ open, onClose, onImported, pasted = "", folderId }: ImportFlowDialogProps) {
  const client = useQueryClient();
  const [text, setText] = useState(pasted);
  const [fileName, setFileName] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const load = useMutation({
    mutationFn: () => api("importFlow", { body: { file: text, ...(folderId !== undefined && { folderId }) } }),
    onSuccess: async (flow) => {
      onImported(flow);
      await refreshFlows(client);
    },
  });
  const take = async (file: File) => {
    load.reset();
    if (file.size > longestFlowFile) {
      return setProblem(`“${file.name}” ${tooLarge}`);
    }
    const read = await file.text().catch(() => undefined);
    setProblem(read === undefined ? `“${file.name}” could not be read.` : undefined);
    if (read === undefined) return;
    setText(read);
    setFileName(file.name);
  };
  const another = () => {
    load.reset();
    setText("");
    setFileName(undefined);
  };
  const hasText = text.trim() !== "";
  const isTooLarge = text.length > longestFlowFile;
  // What is being typed stays in its field until it is a flow.
  const isFound =
    hasText && (isTooLarge || fileName !== undefined || (pasted !== "" && text === pasted) || readFlowText(text) !== undefined);
  return (
    <Dialog
      open={open}
      onClose={onClose}
      closeable={!load.isPending}
      size="md"
      title="Import a flow"
      description="It lands in a draft, with a report of what became of each step. Nothing is sent before you publish it."
      footer={
        <>
          <Button tone="ghost" onClick={isFound ? another : onClose} disabled={load.isPending}>
            {isFound ? "Choose another" : "Cancel"}
          </Button>
          <Button tone="primary" busy={load.isPending} disabled={!hasText || isTooLarge} onClick={() => load.mutate()}>
            Import
          </Button>
        </>
      }
    >
      <Stack gap="4">
        {isFound ? (
          <Found text={text} fileName={fileName} isTooLarge={isTooLarge} />
        ) : (
          <>
            <FileDrop
              label="Drop a flow file here"
              help="A file that Sluice has exported, or a flow with nodes and edges of another product, as JSON."
              accept=".json,application/json"
              error={problem}
              onFile={(file) => void take(file)}
            />
            <FieldFrame label="Or paste it here" required={false}>
              <Textarea
                rows={3}
                fontFamily="mono"
                textStyle="xs"
                value={text}
                onChange={(event) => setText(event.currentTarget.value)}
                spellCheck={false}
              />
            </FieldFrame>
          </>
        )}
        {load.isError && <Refusal error={load.error} />}
      </Stack>
    </Dialog>
  );
}

const tooLarge = `is larger than ${longestFlowFile / 1024 / 1024} MB, which no flow is.`;

function Found({ text, fileName, isTooLarge }: { text: string; fileName: string | undefined; isTooLarge: boolean }) {
  // The server cuts off what is too large, and then nobody would be told why. Reading it would only hold the page up.
  const flow = isTooLarge ? undefined : readFlowText(text);
  const title = (flow && flow !== "parts" && flow.name) || fileName || "Pasted text";
  const words = isTooLarge
    ? `This text ${tooLarge} Nothing was sent.`
    : flow === "parts"
      ? "These are copied steps and no whole flow: open a flow and paste them there."
      : flow === undefined
        ? "It does not look like a flow. Importing it will say why."
        : `${plural(flow.steps, "step")}, ${plural(flow.connections, "connection")} · ${flow.isOurs ? "exported by Sluice" : "from another product"}`;
  return (
    <Flex gap="3" align="center" p="4" borderWidth="1px" borderRadius="l2" bg="bg.subtle">
      <FileJson aria-hidden size={24} strokeWidth={1.75} style={{ flexShrink: 0 }} />
      <Box minW="0">
        <Text fontWeight="medium" overflowWrap="anywhere">
          {title}
        </Text>
        <Text textStyle="sm" color="fg.muted" overflowWrap="anywhere">
          {fileName && title !== fileName ? `${fileName} · ${words}` : words}
        </Text>
      </Box>
    </Flex>
  );
}

/** Everything that is wrong with the file, at once. The file stays, so that nothing has to be chosen again. */
function Refusal({ error }: { error: Error }) {
  const problems = isApiError(error) ? error.problems : [];
  return (
    <Notice status="error" title={error.message}>
      {problems.length > 0 && (
        <Box as="ul" ps="4" listStyleType="disc" maxH="16rem" overflowY="auto" tabIndex={0} aria-label="Problems of the file">
          {problems.map(({ path, message }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two problems may be the same in every word
            <li key={`${path}${index}`}>{message}</li>
          ))}
        </Box>
      )}
    </Notice>
  );
}
