import { Stack, Text } from "@chakra-ui/react";
import { findDefinition } from "#nodes/definitions.ts";
import { TextAreaField } from "#ui/fields/text-area-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { longestNote } from "../operations/line-note.ts";
import { StepProblems } from "../problems/step-problems.tsx";
import { editStep } from "./edit-step.ts";
import { StepSettings, type StepSettingsProps } from "./step-settings.tsx";

/** The settings of one step. What is typed is in the draft at once; there is nothing to save. */
export function NodePanel(props: StepSettingsProps) {
  const { store, node, problems, disabled } = props;
  const definition = findDefinition(node.type);
  // That the type is not known is told where the settings would be.
  const mine = problems.filter(({ nodeId, code }) => nodeId === node.id && (definition !== undefined || code !== "unknown_node_type"));
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
          editStep(
            store,
            node.id,
            "the name of a step",
            (found) => {
              if (label === "") delete found.data.label;
              else found.data.label = label;
            },
            "label",
          )
        }
      />
      <StepSettings {...props} />
      <TextAreaField
        label="Note"
        required={false}
        help="For those who edit this flow. Contacts never see it."
        rows={2}
        value={node.data.note ?? ""}
        disabled={disabled}
        onChange={(note) =>
          editStep(
            store,
            node.id,
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
