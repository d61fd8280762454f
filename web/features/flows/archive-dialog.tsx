import { Box, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { SegmentedField } from "#ui/fields/segmented-field.tsx";
import { plural } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { toast } from "#ui/toaster.tsx";
import { refreshFlows } from "#web/entities/flows/flow-queries.ts";
import { api } from "#web/lib/api.ts";

interface ArchiveDialogProps {
  open: boolean;
  flow: { id: string; name: string };
  onClose: () => void;
}

/** Says who is in a flow and which flows start it, and asks what becomes of them before it is archived. */
export function ArchiveDialog({ open, flow, onClose }: ArchiveDialogProps) {
  const client = useQueryClient();
  const [people, setPeople] = useState<"finish" | "end">("finish");
  const preview = useQuery({
    queryKey: ["flows", "archive", flow.id],
    queryFn: ({ signal }) => api("previewArchive", { params: { id: flow.id }, signal }),
    gcTime: 0,
  });
  const archive = useMutation({
    mutationFn: async () => {
      let stopped = 0;
      // Where many sends are under way, each request ends some of them.
      for (;;) {
        const answer = await api("archiveFlow", { params: { id: flow.id }, body: { people } });
        stopped += answer.stopped;
        if (answer.sendsLeft === 0) return stopped;
      }
    },
    onSuccess: async (stopped) => {
      onClose();
      const description = stopped > 0 ? `${plural(stopped, "contact was", "contacts were")} ended.` : "Nobody can enter it any more.";
      toast({ status: "success", title: `“${flow.name}” is archived`, description });
      await refreshFlows(client);
    },
  });
  const inside = preview.data?.people ?? 0;
  return (
    <Dialog
      open={open}
      onClose={onClose}
      closeable={!archive.isPending}
      title={`Archive “${flow.name}”`}
      description="It leaves the lists, and nobody can enter it any more. You can bring it back at any time."
      footer={
        <>
          <Button tone="ghost" onClick={onClose} disabled={archive.isPending}>
            Cancel
          </Button>
          <Button tone="primary" busy={archive.isPending} disabled={!preview.data} onClick={() => archive.mutate()}>
            {inside > 0 && people === "end" ? `Archive and end ${plural(inside, "contact")}` : "Archive"}
          </Button>
        </>
      }
    >
      {preview.isError ? (
        <LoadError
          title="Who is in the flow could not be loaded"
          error={preview.error}
          onRetry={() => void preview.refetch()}
          retrying={preview.isRefetching}
        />
      ) : !preview.data ? (
        <SkeletonRows rows={2} columns={["80%"]} label="Counting who is in the flow" />
      ) : (
        <Stack gap="4">
          {inside === 0 ? (
            <Text textStyle="sm">Nobody is in it now.</Text>
          ) : (
            <SegmentedField
              label={`${plural(inside, "contact is", "contacts are")} in it`}
              value={people}
              onChange={setPeople}
              options={[
                { value: "finish", label: "Let them finish" },
                { value: "end", label: "End them now" },
              ]}
            />
          )}
          {preview.data.startedBy.length > 0 && (
            <Notice status="warning" title="Steps of other flows start it. They will fail.">
              <Box as="ul" ps="4" listStyleType="disc">
                {preview.data.startedBy.map(({ flowId, flowName, nodeId, step, isDraft }) => (
                  <li key={`${flowId}${nodeId}${isDraft}`}>
                    {flowName}: {step}
                    {isDraft && " (draft)"}
                  </li>
                ))}
              </Box>
            </Notice>
          )}
          {archive.isError && <Notice status="error">{archive.error.message}</Notice>}
        </Stack>
      )}
    </Dialog>
  );
}
