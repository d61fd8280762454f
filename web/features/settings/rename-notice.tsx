import { Stack, Text } from "@chakra-ui/react";
import type { LeadStatusUsage } from "#contract/lead-statuses.ts";
import { plural } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { FlowsNaming } from "./flows-naming.tsx";

/** Says before a status is renamed what the new name reaches, and what it does not. */
export function RenameNotice({ usage: { contacts, inBin, flows }, name }: { usage: LeadStatusUsage; name: string }) {
  if (contacts + inBin + flows.length === 0) return null;
  return (
    <Notice status={flows.length > 0 ? "warning" : "info"}>
      <Stack gap="2">
        {contacts + inBin > 0 && (
          <Text>
            {`${plural(contacts, "contact has", "contacts have")} “${name}”${inBin > 0 ? `, and ${inBin.toLocaleString("en")} in the bin` : ""}. They get the new name. This can be undone for 30 days.`}
          </Text>
        )}
        <FlowsNaming flows={flows} name={name} />
      </Stack>
    </Notice>
  );
}
