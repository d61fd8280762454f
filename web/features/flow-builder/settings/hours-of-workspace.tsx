import { Link as ChakraLink, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { SendingRules } from "#contract/sending-rules.ts";
import { LoadError } from "#ui/load-error.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { sendingRulesQuery } from "#web/entities/workspace/sending-rules-query.ts";
import { SettingsPart } from "./settings-part.tsx";

/** When messages of every flow may leave. These hours protect people, so a flow may only narrow them. */
export function HoursOfWorkspace() {
  const rules = useQuery(sendingRulesQuery);
  return (
    <SettingsPart title="When messages may leave">
      {rules.isPending ? (
        <SkeletonRows label="Loading the sending hours" rows={1} />
      ) : rules.isError ? (
        <LoadError
          title="The sending hours could not be loaded"
          error={rules.error}
          onRetry={() => void rules.refetch()}
          retrying={rules.isRefetching}
        />
      ) : (
        <Text textStyle="sm">
          {hoursWords(rules.data)}{" "}
          <ChakraLink asChild color="fg.link" textDecoration="underline">
            <Link to="/settings/channels">Sending hours of the workspace</Link>
          </ChakraLink>
        </Text>
      )}
    </SettingsPart>
  );
}

function hoursWords({ quietHours: { on, from, to, also } }: SendingRules): string {
  if (!on) return "SMS of every flow leave at any hour.";
  const others = [...(also.includes("transactional") ? ["service messages"] : []), ...(also.includes("conversational") ? ["answers"] : [])];
  const kinds = ["Marketing SMS", ...others].join(" and ");
  return `${kinds} of every flow leave from ${from} to ${to} where the contact lives, and only within what the law there allows.`;
}
