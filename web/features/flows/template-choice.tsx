import { Box, Flex, Heading, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { Flow, FlowTemplate } from "#contract/flows.ts";
import { Button } from "#ui/button.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { flowTemplatesQuery, refreshFlows } from "#web/entities/flows/flow-queries.ts";
import { FlowSteps } from "#web/entities/flows/flow-steps.tsx";
import { api } from "#web/lib/api.ts";
import { ChannelMarks } from "./channel-marks.tsx";
import { TemplateList } from "./template-list.tsx";

export interface TemplateChoiceProps {
  /** Draws a flow; the drawing fills the place that it is given. */
  drawing: (template: FlowTemplate) => ReactNode;
  /** A draft was made of one. */
  onMade: (flow: Flow) => void;
}

/** The flows that ship with the product, each shown before it is chosen. The one that is chosen becomes a draft of the workspace. */
export function TemplateChoice({ drawing, onMade }: TemplateChoiceProps) {
  const client = useQueryClient();
  const templates = useQuery(flowTemplatesQuery);
  /** On a phone the list and the template take turns; where there is room for both, the first one is shown. */
  const [chosen, setChosen] = useState<string | null>(null);
  const make = useMutation({
    mutationFn: ({ id }: FlowTemplate) => api("createFlowFromTemplate", { body: { templateId: id, as: "draft" } }),
    onSuccess: (flow) => {
      onMade(flow);
      return refreshFlows(client);
    },
  });
  if (templates.isPending) return <SkeletonRows rows={6} rowHeight="14" columns={["30%", "60%"]} label="Loading the templates" />;
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
  const shown = templates.data.items.find(({ id }) => id === chosen) ?? templates.data.items[0];
  if (!shown) return null;
  return (
    <Flex align="start" gap="5">
      <Box width={{ base: "full", md: "16rem" }} flexShrink={0} display={{ base: chosen ? "none" : "block", md: "block" }}>
        <TemplateList
          templates={templates.data.items}
          shown={shown.id}
          onShow={(id) => {
            make.reset();
            setChosen(id);
          }}
        />
      </Box>
      <Stack gap="3" flex="1" minW="0" display={{ base: chosen ? "flex" : "none", md: "flex" }}>
        <Button size="xs" tone="ghost" icon={ArrowLeft} alignSelf="start" hideFrom="md" onClick={() => setChosen(null)}>
          All templates
        </Button>
        <Flex align="center" justify="space-between" gap="3" wrap="wrap">
          <Heading as="h3" textStyle="md" fontWeight="600">
            {shown.name}
          </Heading>
          <Button tone="primary" busy={make.isPending} onClick={() => make.mutate(shown)}>
            Use this template
          </Button>
        </Flex>
        {make.isError && <Notice status="error">{make.error.message}</Notice>}
        <Text textStyle="sm" hideFrom="md">
          {shown.description}
        </Text>
        {shown.needs && <Notice status="info">{shown.needs}</Notice>}
        {/* A drawing takes its first view from the size of its place, which it has none of while it is hidden. */}
        <Box key={`${shown.id} ${chosen}`} h={{ base: "60", md: "72" }} borderWidth="1px" borderRadius="l2" overflow="hidden">
          {drawing(shown)}
        </Box>
        <Flex align="center" justify="space-between" gap="3" textStyle="sm">
          <Heading as="h4" textStyle="sm" fontWeight="600">
            What each step does
          </Heading>
          <ChannelMarks channels={shown.channels} />
        </Flex>
        <FlowSteps graph={shown} inFull />
      </Stack>
    </Flex>
  );
}
