import { Box, Flex, Grid, Heading, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import type { Flow, FlowTemplate } from "#contract/flows.ts";
import { Button } from "#ui/button.tsx";
import { plural } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { toast } from "#ui/toaster.tsx";
import { flowTemplatesQuery, refreshFlows } from "#web/entities/flows/flow-queries.ts";
import { api } from "#web/lib/api.ts";
import { ChannelMarks } from "./channel-marks.tsx";

/** The flows that ship with the product. Each is added as a copy that belongs to the workspace. */
export function TemplateChoice({ onAdded }: { onAdded: (flow: Flow) => void }) {
  const client = useQueryClient();
  const templates = useQuery(flowTemplatesQuery);
  const add = useMutation({
    mutationFn: (template: FlowTemplate) => api("createFlowFromTemplate", { body: { templateId: template.id } }),
    onSuccess: (flow) => {
      toast({ status: "success", title: `“${flow.name}” was added`, action: { label: "Open", onClick: () => onAdded(flow) } });
      return refreshFlows(client);
    },
  });
  if (templates.isPending) return <SkeletonRows rows={3} rowHeight="16" columns={["30%", "60%"]} label="Loading the templates" />;
  if (templates.isError) {
    return (
      <LoadError
        title="The templates could not be loaded"
        error={templates.error}
        onRetry={() => void templates.refetch()}
        retrying={templates.isRefetching}
      />
    );
  }
  return (
    <Stack gap="3">
      {add.isError && <Notice status="error">{add.error.message}</Notice>}
      <Grid as="ul" listStyleType="none" templateColumns={{ base: "1fr", lg: "repeat(3, 1fr)" }} gap="3">
        {templates.data.items.map((template) => (
          <TemplateCard
            key={template.id}
            template={template}
            busy={add.isPending && add.variables.id === template.id}
            disabled={add.isPending}
            onAdd={() => add.mutate(template)}
          />
        ))}
      </Grid>
    </Stack>
  );
}

interface TemplateCardProps {
  template: FlowTemplate;
  busy: boolean;
  disabled: boolean;
  onAdd: () => void;
}

function TemplateCard({ template, busy, disabled, onAdd }: TemplateCardProps) {
  const { name, description, needs, stepCount, channels } = template;
  return (
    <Flex as="li" direction="column" gap="2" p="4" borderWidth="1px" borderRadius="l2" bg="bg.panel" textAlign="start">
      <Heading as="h3" textStyle="md" fontWeight="600">
        {name}
      </Heading>
      <Text textStyle="sm">{description}</Text>
      {needs && (
        <Text textStyle="sm" color="fg.muted">
          {needs}
        </Text>
      )}
      <Box flex="1" />
      <Flex align="center" justify="space-between" gap="2" wrap="wrap" mt="1">
        <Flex align="center" gap="3" color="fg.muted" textStyle="xs">
          <span>{plural(stepCount, "step")}</span>
          <ChannelMarks channels={channels} />
        </Flex>
        <Button size="xs" icon={Plus} busy={busy} disabled={disabled} onClick={onAdd} aria-label={`Add ${name}`}>
          Add
        </Button>
      </Flex>
    </Flex>
  );
}
