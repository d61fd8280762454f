import { Box, Stack, Text } from "@chakra-ui/react";
import { type ReactNode, useState } from "react";
import type { FlowNode } from "#contract/flows.ts";
import type { TrialHeader, WebhookTrial } from "#contract/webhook-trials.ts";
import { formatDuration } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { exitLabel } from "./exit-label.ts";
import { JsonTree } from "./json-tree.tsx";
import { parseAnswer } from "./parse-answer.ts";

interface WebhookAnswerProps {
  trial: WebhookTrial;
  node: FlowNode;
  disabled: boolean;
  onKeep(path: string): string;
}

const words = { refused: "Not called", unreachable: "No answer", timeout: "No answer in time", not_filled: "Not called" } as const;

/** What was sent and what came back. A value of the answer is kept by a click. */
export function WebhookAnswer({ trial, node, disabled, onKeep }: WebhookAnswerProps) {
  const [kept, setKept] = useState<string>();
  const { outcome, status, durationMs, message, exit, sent, headers, body, isCut } = trial;
  const answered = outcome === "answered";
  const tree = answered ? parseAnswer(body) : undefined;
  const then =
    exit === null ? "A contact would wait here, and it would be called again." : `A contact would go on by “${exitLabel(node, exit)}”.`;
  return (
    <Stack gap="3">
      <Notice
        status={answered && exit === "success" ? "success" : "warning"}
        title={answered ? `${status} · ${formatDuration(durationMs)}` : words[outcome]}
      >
        {message} {then}
      </Notice>
      {sent && (
        <Fold title="What was sent">
          <Lines text={`${sent.method} ${sent.url}`} />
          <Headers of={sent.headers} />
          {sent.body !== null && <Lines text={sent.body} />}
        </Fold>
      )}
      {answered && (
        <Fold title="Headers of the answer">
          <Headers of={headers} />
        </Fold>
      )}
      {answered && (
        <Stack gap="1.5" role="group" aria-label="The answer">
          <Text textStyle="sm" fontWeight="medium">
            The answer
          </Text>
          {tree ? (
            <>
              <Text textStyle="xs" color="fg.muted">
                Click a value to keep it for later steps.
              </Text>
              <JsonTree value={tree.value} disabled={disabled} onPick={(path) => setKept(onKeep(path))} />
            </>
          ) : (
            <Lines text={body === "" ? "It is empty." : body} />
          )}
          {isCut && (
            <Text textStyle="xs" color="fg.muted">
              It is longer; this is its beginning.
            </Text>
          )}
          <Text role="status" textStyle="sm">
            {kept && `Kept. Later steps read it as {{ ${kept} }}.`}
          </Text>
        </Stack>
      )}
    </Stack>
  );
}

const Fold = ({ title, children }: { title: string; children: ReactNode }) => (
  <Box as="details" textStyle="sm">
    <Box as="summary" cursor="pointer" fontWeight="medium">
      {title}
    </Box>
    <Stack gap="2" mt="2">
      {children}
    </Stack>
  </Box>
);

const Headers = ({ of }: { of: readonly TrialHeader[] }) => <Lines text={of.map(({ name, value }) => `${name}: ${value}`).join("\n")} />;

const Lines = ({ text }: { text: string }) => (
  <Box
    as="pre"
    tabIndex={0}
    textStyle="xs"
    fontFamily="mono"
    whiteSpace="pre-wrap"
    overflowWrap="anywhere"
    maxH="60"
    overflowY="auto"
    bg="bg.muted"
    rounded="md"
    p="2"
  >
    {text}
  </Box>
);
