import { Box, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { contactNames } from "#contract/contact-fields.ts";
import type { FlowNode, FlowProblem } from "#contract/flows.ts";
import { findDefinition } from "#nodes/definitions.ts";
import { type PanelFacts, type Path, record } from "#nodes/node-panel.tsx";
import { TextAreaField } from "#ui/fields/text-area-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { fieldsQuery } from "#web/entities/fields/field-queries.ts";
import { flowsQuery, nodeTypesQuery } from "#web/entities/flows/flow-queries.ts";
import { secretsQuery } from "#web/entities/secrets/secret-queries.ts";
import type { DraftStore } from "../draft/draft-store.ts";
import { longestNote } from "../operations/line-note.ts";
import { leadingTo } from "../operations/reach.ts";
import { stepName } from "../outline/step-name.ts";
import { StepProblems } from "../problems/step-problems.tsx";
import { useDraft } from "../use-draft.ts";
import type { ConfigSchema } from "./config-schema.ts";
import { useMessageFacts } from "./message/use-message-facts.tsx";
import { usePreviewContact } from "./message/use-preview-contact.ts";
import { NodeSettings } from "./node-settings.tsx";
import { StepPreview } from "./preview/step-preview.tsx";
import { problemWords } from "./problem-words.ts";
import { testFields } from "./test-fields.ts";
import { useTestFacts } from "./tests/use-test-facts.tsx";
import { useMergeFields } from "./use-merge-fields.ts";

/** The settings of one step. What is typed is in the draft at once; there is nothing to save. */
export function NodePanel({
  store,
  node,
  problems,
  disabled,
}: {
  store: DraftStore;
  node: FlowNode;
  problems: readonly FlowProblem[];
  disabled: boolean;
}) {
  const { flowId } = store.getState();
  const definition = findDefinition(node.type);
  const types = useQuery(nodeTypesQuery);
  const schema = types.data?.items.find(({ type }) => type === node.type)?.config as ConfigSchema | undefined;
  const flows = useQuery(flowsQuery);
  // Who may not edit may not see the names either.
  const secrets = useQuery({ ...secretsQuery, enabled: !disabled && definition?.names?.secrets !== undefined });
  const nodes = useDraft(store, ({ content }) => content.nodes);
  const edges = useDraft(store, ({ content }) => content.edges);
  const before = useMemo(() => leadingTo({ nodes, edges }, node.id), [nodes, edges, node.id]);
  const preview = usePreviewContact(flowId);
  const message = useMessageFacts(flowId, node, preview);
  const tests = useTestFacts(node, preview);
  const { data: catalogue } = useQuery(fieldsQuery(flowId));
  const mergeFields = useMergeFields(store, node.id, preview.contact);
  const mine = problems.filter(({ nodeId }) => nodeId === node.id);
  const facts = useMemo((): PanelFacts => {
    return {
      flows: (flows.data?.items ?? []).map(({ id, name, canStart, hasDraft, active }) => {
        return { id, name, canStart, hasDraft, active, isThis: id === flowId };
      }),
      flowsStatus: flows.data ? "ready" : flows.isError ? "error" : "pending",
      steps: nodes.filter(({ id }) => id !== node.id && before.has(id)).map((one) => ({ id: one.id, label: stepName(one) })),
      fields: [...new Set([...contactNames, ...mergeFields.options.map(({ path }) => path)])],
      testFields: testFields(catalogue, mergeFields.options),
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
  const edit = (label: string, recipe: (found: FlowNode) => void, key: string) =>
    store.getState().edit(
      label,
      (draft) => {
        const found = draft.nodes.find(({ id }) => id === node.id);
        if (found) recipe(found);
      },
      `${node.id} ${key}`,
    );
  const editConfig = (change: (config: unknown) => unknown, place = "") =>
    edit(
      "the settings of a step",
      (found) => {
        found.data.config = record(change(found.data.config));
      },
      `config ${place}`,
    );
  return (
    <Stack gap="4">
      {definition && (
        <Text textStyle="sm" color="fg.muted">
          {definition.description}
        </Text>
      )}
      <StepProblems store={store} node={node} problems={mine} disabled={disabled} />
      <TextField
        label="Name of this step"
        required={false}
        value={node.data.label ?? ""}
        placeholder={definition?.label ?? node.type}
        maxLength={200}
        disabled={disabled}
        onChange={(label) =>
          edit(
            "the name of a step",
            (found) => {
              if (label === "") delete found.data.label;
              else found.data.label = label;
            },
            "label",
          )
        }
      />
      <datalist id="fields-of-contacts">
        {facts.fields.map((field) => (
          <option key={field} value={field} />
        ))}
      </datalist>
      {types.isPending ? (
        <SkeletonRows label="Loading the settings" />
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
              edit={(recipe) => edit("the settings of a step", recipe, "keep")}
            />
          }
          value={node.data.config ?? {}}
          edit={editConfig}
        />
      ) : (
        <Box>
          <Notice status="error">
            This version does not know steps of the type “{node.type}”. It is kept as it is, and the flow cannot be published with it.
          </Notice>
          <Box as="pre" textStyle="sm" mt="3" overflowX="auto">
            {JSON.stringify(node.data, null, 2)}
          </Box>
        </Box>
      )}
      <TextAreaField
        label="Note"
        required={false}
        help="For those who edit this flow. Contacts never see it."
        rows={2}
        value={node.data.note ?? ""}
        disabled={disabled}
        onChange={(note) =>
          edit(
            "the note of a step",
            (found) => {
              if (note === "") delete found.data.note;
              else found.data.note = note.slice(0, longestNote);
            },
            "note",
          )
        }
      />
    </Stack>
  );
}
