import { Stack, Text } from "@chakra-ui/react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Expectation, FlowTest, FlowTestScript } from "#contract/flow-tests.ts";
import type { FlowNode } from "#contract/flows.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { SegmentedField } from "#ui/fields/segmented-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { Notice } from "#ui/notice.tsx";
import { toast } from "#ui/toaster.tsx";
import { api } from "#web/lib/api.ts";
import { RefusalNotice } from "#web/lib/refusal-notice.tsx";
import { expectationProblem } from "./expectation-draft.ts";
import { ExpectationFields } from "./expectation-fields.tsx";
import { useRefreshTests } from "./test-queries.ts";

interface TestDialogProps {
  flowId: string;
  nodes: readonly FlowNode[];
  /** What is proposed to expect. */
  expect: readonly Expectation[];
  /** A test that is changed, or the script of a new one. */
  test?: FlowTest | undefined;
  script?: NewScript | undefined;
  onClose: () => void;
}

/** What is left out has its default. */
type NewScript = Partial<FlowTestScript> & Pick<FlowTestScript, "contact" | "startAt">;

/** Saves a simulation as a test, or changes what a test expects. */
export function TestDialog({ flowId, nodes, expect: proposed, test, script, onClose }: TestDialogProps) {
  const [name, setName] = useState(test?.name ?? "");
  const [expect, setExpect] = useState(() => [...proposed]);
  const [contact, setContact] = useState<"copy" | "live">("copy");
  const [tried, setTried] = useState(false);
  const refresh = useRefreshTests(flowId);
  const isReal = script !== undefined && "id" in script.contact;
  const nameProblem = name.trim() === "" ? "Enter a name" : undefined;
  const isReady = nameProblem === undefined && expect.length > 0 && expect.every((one) => expectationProblem(one) === undefined);
  const save = useMutation({
    mutationFn: () =>
      test
        ? api("updateFlowTest", { params: { id: test.id }, body: { name: name.trim(), expect } })
        : api("createFlowTest", {
            params: { id: flowId },
            body: { name: name.trim(), script: script as NewScript, expect, copyContact: isReal && contact === "copy" },
          }),
    onSuccess: async (saved) => {
      toast({ status: "success", title: `The test “${saved.name}” is saved`, description: "It is run whenever the flow is published." });
      await refresh();
      onClose();
    },
  });
  const press = () => {
    setTried(true);
    if (isReady) save.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      closeable={!save.isPending}
      isDirty
      size="md"
      title={test ? "Change the test" : "Save as a test"}
      description="What was seen is what is expected from now on. Take out what may change."
      footer={
        <>
          <Button tone="ghost" onClick={onClose} disabled={save.isPending}>
            Cancel
          </Button>
          <Button tone="primary" onClick={press} busy={save.isPending}>
            Save the test
          </Button>
        </>
      }
    >
      <Stack gap="4">
        <TextField
          label="Name"
          value={name}
          onChange={setName}
          maxLength={100}
          placeholder="A customer gets the welcome"
          error={tried ? nameProblem : undefined}
        />
        {isReal && (
          <SegmentedField
            label="Contact"
            value={contact}
            onChange={setContact}
            options={[
              { value: "copy", label: "As it is now" },
              { value: "live", label: "As it is on the day" },
            ]}
          />
        )}
        {isReal && (
          <Text textStyle="sm" color="fg.muted">
            The test is deleted when the contact is deleted for good.
          </Text>
        )}
        <ExpectationFields expect={expect} onChange={setExpect} nodes={nodes} tells={tried} />
        {tried && expect.length === 0 && <Notice status="error">A test expects something. Choose what.</Notice>}
        {save.isError && <RefusalNotice error={save.error} title="The test was not saved" onRetry={press} />}
      </Stack>
    </Dialog>
  );
}
