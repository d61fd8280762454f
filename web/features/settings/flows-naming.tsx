import { chakra, Text } from "@chakra-ui/react";
import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import type { FlowNaming } from "#contract/lead-statuses.ts";
import { plural } from "#ui/format.ts";

const ChakraLink = chakra(Link, { base: { color: "fg.link", _hover: { textDecoration: "underline" } } });
const shown = 5;

/** Says in which flows a lead status is named. They keep the name that they have. */
export function FlowsNaming({ flows, name }: { flows: readonly FlowNaming[]; name: string }) {
  if (flows.length === 0) return null;
  const more = flows.length - shown;
  return (
    <Text overflowWrap="anywhere">
      {`${plural(flows.length, "flow names", "flows name")} “${name}” and will go on doing so: `}
      {flows.slice(0, shown).map((flow, index) => (
        <Fragment key={flow.id}>
          {index > 0 && ", "}
          <ChakraLink to="/flows/$flowId" params={{ flowId: flow.id } as never}>
            {flow.name}
          </ChakraLink>
        </Fragment>
      ))}
      {more > 0 && ` and ${more} more`}. Change the status there too.
    </Text>
  );
}
