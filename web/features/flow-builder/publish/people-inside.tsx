import { Box, Flex, Stack, Text } from "@chakra-ui/react";
import type { PeopleAtStep, PeopleMove, PublishPreview } from "#contract/flow-publish.ts";
import type { FlowNode } from "#contract/flows.ts";
import { findDefinition } from "#nodes/definitions.ts";
import { Button } from "#ui/button.tsx";
import { SelectField, type SelectOption } from "#ui/fields/select-field.tsx";
import { formatCount, isolated, momentWords, plural } from "#ui/format.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { useNow } from "#web/lib/use-now.ts";
import { stepName } from "../outline/step-name.ts";
import { type Choices, chosenFor, chosenForAll, isUndecided, placeOf, toMove } from "./people-choices.ts";

interface PeopleInsideProps {
  preview: PublishPreview;
  nodes: readonly FlowNode[];
  choices: Choices;
  onChoose: (choices: Choices) => void;
}

/** Shows who is inside the flow, by the step at which they stand, and what becomes of them. It shows nothing where nobody is concerned. */
export function PeopleInside({ preview: { people, unaffected }, nodes, choices, onChoose }: PeopleInsideProps) {
  const { timeZone } = useSession().workspace;
  const now = useNow();
  if (people.length === 0 && unaffected.people === 0) return null;
  return (
    <Box role="group" aria-label="People inside">
      <Text fontWeight="medium" mb="1">
        People inside
      </Text>
      <Stack gap="3">
        {people.length > 1 && (
          <Flex role="group" aria-label="For all of them" gap="2" wrap="wrap">
            <Button size="xs" onClick={() => onChoose({})}>
              As proposed
            </Button>
            <Button size="xs" onClick={() => onChoose(chosenForAll(people, "follow", choices))}>
              Everybody follows
            </Button>
            <Button size="xs" onClick={() => onChoose(chosenForAll(people, "stay", choices))}>
              Everybody finishes as begun
            </Button>
          </Flex>
        )}
        {people.map((at) => (
          <SelectField
            key={placeOf(at)}
            label={`${at.nodeId === null ? "Not begun yet" : (at.label ?? "A step without a name")}: ${plural(at.count, "contact")}`}
            help={
              [helpFor(at, isUndecided(at, choices)), restWords(at, (moment) => momentWords(moment, now, timeZone)), flightWords(at)]
                .filter((words) => words !== undefined)
                .join(" ") || undefined
            }
            placeholder="Choose"
            value={fieldValue(chosenFor(at, choices))}
            onChange={(value) => onChoose({ ...choices, [placeOf(at)]: toMove(at, value) })}
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

const restWords = ({ since, until }: PeopleAtStep, say: (moment: string) => string): string | undefined =>
  since === null || until === null ? undefined : `The first has waited since ${say(since)}, the last waits until ${say(until)}.`;

/** Those in the middle of a step do not move before they have come to its end, so it is told that nothing of it is lost or doubled. */
const flightWords = ({ nodeType, count, inFlight }: PeopleAtStep): string | undefined => {
  if (inFlight === 0) return undefined;
  if (nodeType !== null && findDefinition(nodeType)?.startsFlow)
    return `${count === 1 ? "The contact waits" : "They wait"} for the flow that this step started; what you choose happens when it has ended.`;
  const who = count === 1 ? "The contact is" : inFlight === count ? "All of them are" : `${plural(inFlight, "of them is", "of them are")}`;
  return `${who} in the middle of the step now. It is finished first, and a message under way goes out as it was.`;
};

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
      label: `Go on at “${isolated(stepName(node))}”${node.id === healedTo ? ", the next step" : ""}`,
    })),
    leave: [{ value: "leave", label: "Leave the flow" }],
  };
  return choices.flatMap((choice) => words[choice]);
}
