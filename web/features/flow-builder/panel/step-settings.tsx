import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { contactNames } from "#contract/contact-fields.ts";
import type { FlowNode, FlowProblem } from "#contract/flows.ts";
import { findDefinition } from "#nodes/definitions.ts";
import { type PanelFacts, type Path, record } from "#nodes/node-panel.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { fieldsQuery } from "#web/entities/fields/field-queries.ts";
import { testFields } from "#web/entities/fields/test-fields.ts";
import { flowsQuery, nodeTypesQuery } from "#web/entities/flows/flow-queries.ts";
import { secretsQuery } from "#web/entities/secrets/secret-queries.ts";
import type { DraftStore } from "../draft/draft-store.ts";
import { leadingTo } from "../operations/reach.ts";
import { stepName } from "../outline/step-name.ts";
import { useDraft } from "../use-draft.ts";
import type { ConfigSchema } from "./config-schema.ts";
import { editStep } from "./edit-step.ts";
import { exitFields } from "./exit-fields.ts";
import { useMessageFacts } from "./message/use-message-facts.tsx";
import { usePreviewContact } from "./message/use-preview-contact.ts";
import { NodeSettings } from "./node-settings.tsx";
import { StepPreview } from "./preview/step-preview.tsx";
import { problemWords } from "./problem-words.ts";
import { useTestFacts } from "./tests/use-test-facts.tsx";
import { UnknownStep } from "./unknown-step.tsx";
import { useMergeFields } from "./use-merge-fields.ts";

export interface StepSettingsProps {
  store: DraftStore;
  node: FlowNode;
  /** Of the whole flow. */
  problems: readonly FlowProblem[];
  disabled: boolean;
  /** Asks for another type for the step; left out where it cannot have one. */
  onReplace?: (nodeId: string) => void;
}

/** What a step does, as its type asks: the controls of its configuration. */
export function StepSettings({ store, node, problems, disabled, onReplace }: StepSettingsProps) {
  const { flowId } = store.getState();
  const definition = findDefinition(node.type);
  const types = useQuery(nodeTypesQuery);
  const schema = types.data?.items.find(({ type }) => type === node.type)?.config as ConfigSchema | undefined;
  const flows = useQuery(flowsQuery);
  // A member who may not edit may not see the names either.
  const secrets = useQuery({ ...secretsQuery, enabled: !disabled && definition?.names?.secrets !== undefined });
  const nodes = useDraft(store, ({ content }) => content.nodes);
  const edges = useDraft(store, ({ content }) => content.edges);
  const before = useMemo(() => leadingTo({ nodes, edges }, node.id), [nodes, edges, node.id]);
  const preview = usePreviewContact(flowId);
  const message = useMessageFacts(flowId, node, preview);
  const tests = useTestFacts(node, preview);
  const { data: catalogue } = useQuery(fieldsQuery(flowId));
  const mergeFields = useMergeFields(store, node.id, preview.contact);
  const mine = useMemo(() => problems.filter(({ nodeId }) => nodeId === node.id), [problems, node.id]);
  const facts = useMemo((): PanelFacts => {
    const earlier = nodes.filter(({ id }) => id !== node.id && before.has(id));
    return {
      flows: (flows.data?.items ?? []).map(({ id, name, canStart, hasDraft, active }) => {
        return { id, name, canStart, hasDraft, active, isThis: id === flowId };
      }),
      flowsStatus: flows.data ? "ready" : flows.isError ? "error" : "pending",
      steps: earlier.map((one) => ({ id: one.id, label: stepName(one) })),
      fields: [...new Set([...contactNames, ...mergeFields.options.map(({ path }) => path)])],
      testFields: [...testFields(catalogue, mergeFields.options), ...exitFields(earlier)],
      mergeFields,
      secrets: secrets.data?.items ?? [],
      templates: definition?.names?.templates ?? [],
      problemAt: (path: Path) => {
        const found = mine.find(({ field, severity }) => severity === "error" && field === path.join("."));
        return found && problemWords(found, node.type);
      },
      disabled,
    };
  }, [
    flows.data,
    flows.isError,
    flowId,
    secrets.data,
    nodes,
    before,
    node.id,
    node.type,
    definition,
    mine,
    mergeFields,
    catalogue,
    disabled,
  ]);
  const editConfig = (change: (config: unknown) => unknown, place = "") =>
    editStep(
      store,
      node.id,
      "the settings of a step",
      (found) => {
        found.data.config = record(change(found.data.config));
      },
      `config ${place}`,
    );
  return (
    <>
      <datalist id="fields-of-contacts">
        {facts.fields.map((field) => (
          <option key={field} value={field} />
        ))}
      </datalist>
      {types.isPending ? (
        <SkeletonRows rows={3} columns={["90%"]} label="Loading the settings" />
      ) : types.isError ? (
        <LoadError
          title="The settings could not be loaded"
          error={types.error}
          onRetry={() => void types.refetch()}
          retrying={types.isRefetching}
        />
      ) : schema ? (
        <NodeSettings
          type={node.type}
          {...{ schema, facts, message, tests }}
          preview={
            <StepPreview
              flowId={flowId}
              node={node}
              chosen={preview}
              disabled={disabled}
              fields={mergeFields}
              keys={nodes.flatMap(({ data }) => data.key ?? [])}
              edit={(recipe) => editStep(store, node.id, "the settings of a step", recipe, "keep")}
            />
          }
          value={node.data.config ?? {}}
          edit={editConfig}
        />
      ) : (
        <UnknownStep node={node} onReplace={disabled || !onReplace ? undefined : () => onReplace(node.id)} />
      )}
    </>
  );
}
