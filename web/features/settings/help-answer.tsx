import { Heading, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { longestHelpText, usualHelpText } from "#contract/help-text.ts";
import { countParts } from "#contract/sms-segments.ts";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { TextAreaField } from "#ui/fields/text-area-field.tsx";
import { Notice } from "#ui/notice.tsx";
import { toast } from "#ui/toaster.tsx";
import { refreshSession } from "#web/entities/session/session-query.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import type { ApiError } from "#web/lib/api-error.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { SaveButton } from "./save-button.tsx";

/** What answers HELP and INFO: the usual words with the name of the workspace, its own ones, or nothing. */
export function HelpAnswer() {
  const { workspace, can } = useSession();
  const client = useQueryClient();
  const stored = workspace.helpText;
  const [answers, setAnswers] = useState(stored !== "");
  const [text, setText] = useState(stored ?? "");
  const usual = usualHelpText(workspace.name);
  const next = answers ? text.trim() || null : "";
  const save = useMutation<unknown, ApiError, string | null>({
    mutationFn: (helpText) => api("updateWorkspace", { body: { helpText } }),
    onSuccess: async () => {
      await refreshSession(client);
      toast({ title: "Answer to HELP saved", status: "success" });
    },
  });
  const disabled = !can("admin");
  const parts = countParts(text.trim() || usual);
  return (
    <Stack gap="3" mt="6">
      <Stack gap="0.5">
        <Heading as="h3" textStyle="sm" fontWeight="600">
          The answer to HELP
        </Heading>
        <Text color="fg.muted" textStyle="sm">
          Carriers ask that whoever writes HELP or INFO is told who you are and how to stop. Each number gets it once a day, also one that
          has stopped all other messages. Where your provider answers HELP by itself, Sluice does not answer again.
        </Text>
      </Stack>
      <Checkbox label="Answer HELP and INFO" checked={answers} onChange={setAnswers} disabled={disabled} />
      {answers ? (
        <TextAreaField
          label="Answer"
          required={false}
          rows={3}
          placeholder={usual}
          value={text}
          onChange={setText}
          disabled={disabled}
          error={
            text.trim().length > longestHelpText
              ? `The answer has ${longestHelpText} characters at most; this one has ${text.trim().length}.`
              : save.error?.problems.find(({ path }) => path === "helpText")?.message
          }
          help={`${text.trim() === "" ? "Empty: the words that stand there now." : "Left empty, the usual words are sent."} ${parts === 1 ? "One part" : `${parts} parts`}. Say that STOP ends all messages.`}
        />
      ) : (
        <Notice status="warning">
          Whoever writes HELP gets no answer from Sluice. In the United States carriers may block your numbers.
        </Notice>
      )}
      {disabled ? (
        <Text color="fg.muted" textStyle="sm">
          Admins and owners change the answer.
        </Text>
      ) : (
        <>
          <FormError error={save.error} shownAt={["helpText"]} />
          <SaveButton
            changed={next !== stored}
            alignSelf="flex-start"
            busy={save.isPending}
            disabled={next === stored || (next?.length ?? 0) > longestHelpText}
            onClick={() => save.mutate(next)}
          >
            Save answer to HELP
          </SaveButton>
        </>
      )}
    </Stack>
  );
}
