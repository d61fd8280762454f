import { Flex, Skeleton, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import type { FlowNode } from "#contract/flows.ts";
import type { StepResult } from "#contract/step-results.ts";
import { describeResult } from "#nodes/results/describe-result.ts";
import { LoadError } from "#ui/load-error.tsx";
import type { MergeFields } from "#ui/merge-fields/merge-fields.ts";
import { Notice } from "#ui/notice.tsx";
import { StepChanges } from "#web/entities/executions/step-changes.tsx";
import { stepResultQuery } from "#web/entities/flows/step-preview-queries.ts";
import { isApiError } from "#web/lib/api-error.ts";
import { useDebounced } from "#web/lib/use-debounced.ts";
import { PreviewChooser } from "../message/preview-chooser.tsx";
import type { PreviewContact } from "../message/use-preview-contact.ts";
import { namesOfRun } from "./names-of-run.ts";

/** Milliseconds without a change, after which the step is tried again. */
const soon = 250;

interface ResultViewProps {
  flowId: string;
  node: FlowNode;
  chosen: PreviewContact;
  fields: MergeFields;
}

/** What the step would do to the chosen contact now, as the history would tell it. The engine's own code decides, and nothing is written. */
export function ResultView({ flowId, node, chosen, fields }: ResultViewProps) {
  const { id, type, data } = node;
  const values = useMemo(() => namesOfRun(data.config, fields), [data.config, fields]);
  const question = useMemo(
    () => ({ flowId, node: { id, type, position: { x: 0, y: 0 }, data: { config: data.config ?? {} } }, values }),
    [flowId, id, type, data.config, values],
  );
  const { data: found, error, ...query } = useQuery(stepResultQuery({ ...useDebounced(question, soon), contactId: chosen.who }));
  const isGone = isApiError(error) && error.code === "contact_not_found";
  const { choose } = chosen;
  useEffect(() => {
    if (isGone) choose("newest");
  }, [isGone, choose]);
  const isUnfinished = isApiError(error) && error.code === "flow_invalid";
  return (
    <Stack as="section" aria-label="What it would do" gap="2" borderTopWidth="1px" pt="3">
      <PreviewChooser chosen={chosen} preview={found} />
      {isUnfinished ? (
        <Notice status="info">What it would do is shown once the settings of this step are complete.</Notice>
      ) : (
        error &&
        !isGone && (
          <LoadError
            title="What it would do could not be worked out"
            error={error}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
          />
        )
      )}
      {found && !isUnfinished ? (
        <Stack
          gap="2"
          aria-busy={query.isPlaceholderData || error !== null}
          opacity={query.isPlaceholderData || error !== null ? 0.5 : 1}
          transition="opacity 150ms"
        >
          <Result type={type} found={found} standIns={Object.keys(values)} />
        </Stack>
      ) : (
        query.isPending && <Skeleton height="16" role="status" aria-label="Loading what it would do" aria-busy />
      )}
    </Stack>
  );
}

function Result({ type, found, standIns }: { type: string; found: StepResult; standIns: readonly string[] }) {
  const { facts } = describeResult({ nodeType: type, status: "completed", result: found.result });
  const changes = facts.flatMap((fact) => (fact.kind === "changes" ? fact.value : []));
  const others = facts.flatMap((fact) => (fact.kind === "text" ? [fact] : []));
  if (found.problem !== null && standIns.length > 0) {
    return <Notice status="info">Known only when the flow runs: it uses {standIns.join(", ")}.</Notice>;
  }
  return (
    <>
      {found.problem !== null && (
        <Notice status="warning" title="It cannot be done for this contact">
          {found.problem}
        </Notice>
      )}
      {changes.length > 0 && <StepChanges changes={changes} />}
      {others.map(({ label, value }) => (
        <Flex key={label} gap="2" minW="0" textStyle="sm">
          <Text as="span" color="fg.muted" flexShrink={0}>
            {label}
          </Text>
          <Text as="span" overflowWrap="anywhere">
            {value}
          </Text>
        </Flex>
      ))}
      {standIns.length > 0 && (
        <Text textStyle="xs" color="fg.muted">
          What stands in ‹ › is known only when the flow runs.
        </Text>
      )}
    </>
  );
}
