import { Box, Flex, Text, VisuallyHidden } from "@chakra-ui/react";
import type { FlowPerson } from "#contract/flow-people.ts";
import { Initials } from "#ui/initials.tsx";
import { Tooltip } from "#ui/tooltip.tsx";
import { useFlowPeople } from "#web/entities/flows/use-flow-people.ts";
import { useSession } from "#web/entities/session/use-session.ts";

const mostDrawn = 4;

/** Shows who else has the flow open now. One's own second tab is told too, because it edits like anybody else. */
export function PeopleHere({ flowId }: { flowId: string }) {
  const { user } = useSession();
  const others = useFlowPeople(flowId).filter(({ userId, tabs }) => userId !== user.id || tabs > 1);
  const words = peopleWords(others, user.id);
  return (
    <>
      <VisuallyHidden role="status">{words}</VisuallyHidden>
      {others.length > 0 && (
        <Tooltip content={words} placement="bottom">
          <Flex as="button" align="center" cursor="default" borderRadius="full" focusVisibleRing="outside">
            <VisuallyHidden>{words}</VisuallyHidden>
            {others.slice(0, mostDrawn).map((person, index) => (
              <Box
                as="span"
                key={person.userId}
                ms={index === 0 ? "0" : "-1.5"}
                borderWidth="2px"
                borderColor="bg.panel"
                borderRadius="full"
              >
                <Initials name={person.name} />
              </Box>
            ))}
            {others.length > mostDrawn && (
              <Text as="span" aria-hidden textStyle="xs" color="fg.muted" ms="1">
                +{others.length - mostDrawn}
              </Text>
            )}
          </Flex>
        </Tooltip>
      )}
    </>
  );
}

/** "Anna Lee has this flow open too", "Anna Lee and Bo have this flow open too". */
export function peopleWords(others: readonly FlowPerson[], ownId: string): string {
  const names = others.map(({ userId, name, tabs }) =>
    userId === ownId ? (tabs > 2 ? `You in ${tabs - 1} other tabs` : "You in another tab") : name,
  );
  if (names.length === 0) return "";
  const isPlural = names.length > 1 || others[0]?.userId === ownId;
  return `${new Intl.ListFormat("en", { type: "conjunction" }).format(names)} ${isPlural ? "have" : "has"} this flow open too`;
}
