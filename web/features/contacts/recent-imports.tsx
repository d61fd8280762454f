import { Box, Flex, Heading, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ContactImport } from "#contract/imports.ts";
import { Button } from "#ui/button.tsx";
import { plural } from "#ui/format.ts";
import { RelativeTime } from "#ui/relative-time.tsx";
import { recentImportsQuery } from "#web/entities/contacts/import-queries.ts";
import { ImportResult } from "./import-result.tsx";

/** The last imports with their results, so that one can be looked at and undone after its dialog was closed. */
export function RecentImports() {
  const recent = useQuery(recentImportsQuery);
  const [open, setOpen] = useState<string | null>(null);
  const items = recent.data?.items.filter(({ state }) => state !== "running") ?? [];
  if (items.length === 0) return null;
  return (
    <Box as="section" mt="5">
      <Heading as="h3" textStyle="label" color="fg.muted" mb="2">
        Earlier imports
      </Heading>
      <Stack as="ul" gap="0" listStyleType="none" borderTopWidth="1px">
        {items.map((one) => (
          <Box as="li" key={one.id} borderBottomWidth="1px" py="2">
            <Flex gap="3" align="center" justify="space-between" wrap="wrap">
              <Box minWidth="0" flex="1">
                <Text textStyle="sm" truncate>
                  {one.fileName ?? "A file without a name"}
                </Text>
                <Text textStyle="xs" color="fg.muted">
                  <RelativeTime at={one.createdAt} /> · {summaryOf(one)}
                </Text>
              </Box>
              <Button
                size="xs"
                tone="ghost"
                aria-expanded={open === one.id}
                aria-label={`${open === one.id ? "Hide" : "Show"} the result of ${one.fileName ?? "the import"}`}
                onClick={() => setOpen(open === one.id ? null : one.id)}
              >
                {open === one.id ? "Hide" : "Show"}
              </Button>
            </Flex>
            {open === one.id && (
              <Box pt="3">
                <ImportResult result={one} />
              </Box>
            )}
          </Box>
        ))}
      </Stack>
    </Box>
  );
}

const summaryOf = ({ created, updated, undone }: ContactImport): string =>
  undone ? "undone" : `${plural(created, "contact")} added, ${plural(updated, "row")} updated`;
