import { Stack, Text } from "@chakra-ui/react";
import { useState } from "react";
import { sampleDays, type WebhookSample } from "#contract/webhook-trials.ts";
import { isolated } from "#ui/format.ts";
import { RelativeTime } from "#ui/relative-time.tsx";
import { JsonTree } from "./json-tree.tsx";
import { parseAnswer } from "./parse-answer.ts";

interface KeptAnswerProps {
  sample: WebhookSample;
  disabled: boolean;
  onKeep(path: string): string;
}

/** The answer of an earlier try, of which values can still be kept. */
export function KeptAnswer({ sample: { status, body, isCut, triedAt, triedByName }, disabled, onKeep }: KeptAnswerProps) {
  const [kept, setKept] = useState<string>();
  const tree = isCut ? undefined : parseAnswer(body);
  return (
    <Stack gap="1.5" role="group" aria-label="The last answer">
      <Text textStyle="sm" fontWeight="medium">
        The last answer: {status}, <RelativeTime at={triedAt} />
        {triedByName && `, tried by ${isolated(triedByName)}`}
      </Text>
      <Text textStyle="xs" color="fg.muted">
        {tree ? "Click a value to keep it for later steps. " : "It holds no values that could be kept. "}
        The answer is kept for {sampleDays} days.
      </Text>
      {tree && <JsonTree value={tree.value} disabled={disabled} onPick={(path) => setKept(onKeep(path))} />}
      <Text role="status" textStyle="sm">
        {kept && `Kept. Later steps read it as {{ ${kept} }}.`}
      </Text>
    </Stack>
  );
}
