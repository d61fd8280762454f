import { Box, Stack, Text } from "@chakra-ui/react";
import type { PeopleAtStep, PeopleMove, PublishPreview } from "#contract/flow-publish.ts";
import type { FlowNode } from "#contract/flows.ts";
import { SelectField, type SelectOption } from "#ui/fields/select-field.tsx";
import { formatCount, plural } from "#ui/format.ts";
import { stepName } from "../outline/step-name.ts";
import { type Choices, chosenFor, isUndecided, placeOf, toMove } from "./people-choices.ts";

interface PeopleInsideProps {
  preview: PublishPreview;
  nodes: readonly FlowNode[];
  choices: Choices;
  onChoose: (place: string, move: PeopleMove) => void;
}

/** Who is inside the flow, by the step at which they stand, and what becomes of them. Nothing where nobody is concerned. */
export function PeopleInside({ preview: { people, unaffected }, nodes, choices, onChoose }: PeopleInsideProps) {
  if (people.length === 0 && unaffected.people === 0) return null;
  return (
    <Box role="group" aria-label="People inside">
      <Text fontWeight="medium" mb="1">
        People inside
      </Text>
      <Stack gap="3">
        {people.map((at) => (
          <SelectField
            key={placeOf(at)}
            label={`${at.nodeId === null ? "Not begun yet" : (at.label ?? "A step without a name")}: ${plural(at.count, "contact")}`}
            help={helpFor(at, isUndecided(at, choices))}
            placeholder="Choose"
            value={fieldValue(chosenFor(at, choices))}
            onChange={(value) => onChoose(placeOf(at), toMove(at, value))}
            options={optionsFor(at, nodes)}
          />
        ))}
        {unaffected.people > 0 && (
          <Text textStyle="sm" color="fg.muted">
            {`${plural(unaffected.people, "contact")} at ${plural(unaffected.steps, "step")}: nothing changes for them.`}
          </Text>
        )}
      </Stack>
    </Box>
  );
}

/** Nobody has done anything wrong yet who has not chosen, so it is asked and not told as a mistake. */
const helpFor = ({ isRemoved }: PeopleAtStep, isOpen: boolean): string | undefined =>
  isRemoved
    ? `This step is not in the new version.${isOpen ? " Choose what becomes of them." : ""}`
    : isOpen
      ? "A way ahead of them was taken away. Choose what becomes of them."
      : undefined;

const fieldValue = (move: PeopleMove | undefined): string =>
  move === undefined ? "" : move.action === "node" ? `node ${move.toNodeId}` : move.action;

function optionsFor({ choices, versions, healedTo }: PeopleAtStep, nodes: readonly FlowNode[]): SelectOption[] {
  const steps = nodes.filter(({ type }) => type !== "start").toSorted((a, b) => Number(b.id === healedTo) - Number(a.id === healedTo));
  const begun = versions.length === 1 ? `version ${formatCount(versions[0] ?? 0)}` : "their version";
  const words: Record<PeopleAtStep["choices"][number], SelectOption[]> = {
    stay: [{ value: "stay", label: `Finish on ${begun}` }],
    follow: [{ value: "follow", label: "Go on with the new version" }],
    node: steps.map((node) => ({
      value: `node ${node.id}`,
      label: `Go on at “${stepName(node)}”${node.id === healedTo ? ", the next step" : ""}`,
    })),
    leave: [{ value: "leave", label: "Leave the flow" }],
  };
  return choices.flatMap((choice) => words[choice]);
}
