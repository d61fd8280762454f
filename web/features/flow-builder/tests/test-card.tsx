import { Box, Flex, Text } from "@chakra-ui/react";
import { Ellipsis, Pencil, Trash2 } from "lucide-react";
import type { FlowTest } from "#contract/flow-tests.ts";
import { Button } from "#ui/button.tsx";
import { formatExact, plural } from "#ui/format.ts";
import { IconButton } from "#ui/icon-button.tsx";
import { ActionMenu } from "#ui/menu.tsx";
import { TestFailures } from "./test-failures.tsx";
import { TestStatus } from "./test-status.tsx";

interface TestCardProps {
  test: FlowTest;
  /** The revision of what is edited now. */
  revision: string;
  zone: string;
  canEdit: boolean;
  running: boolean;
  onRun: () => void;
  onShow: () => void;
  onEdit: () => void;
  onDelete: () => void;
}

export function TestCard({ test, revision, zone, canEdit, running, onRun, onShow, onEdit, onDelete }: TestCardProps) {
  const { name, script, contactName, expect, lastResult } = test;
  const who = contactName ?? ("fields" in script.contact && script.contact.fields.firstname) ?? "";
  return (
    <Box role="listitem" borderWidth="1px" rounded="md" p="4">
      <Flex gap="3" wrap="wrap" align="start">
        <Box flex="1" minW="14rem">
          <Flex gap="2" align="center" wrap="wrap">
            <Text fontWeight="medium" overflowWrap="anywhere">
              {name}
            </Text>
            <TestStatus status={lastResult?.status} />
          </Flex>
          <Text textStyle="sm" color="fg.muted" overflowWrap="anywhere">
            {[who || "Somebody made up", `enters ${formatExact(script.startAt, zone)}`, plural(expect.length, "expectation")].join(" · ")}
          </Text>
          {lastResult && (
            <Text textStyle="sm" color="fg.muted">
              {`Run ${formatExact(lastResult.ranAt, zone)} on ${runOn(lastResult, revision)}`}
            </Text>
          )}
        </Box>
        <Flex gap="2" align="center">
          {canEdit && (
            <Button size="xs" onClick={onRun} busy={running} aria-label={`Run “${name}”`}>
              Run
            </Button>
          )}
          <Button size="xs" onClick={onShow} aria-label={`Show the simulation of “${name}”`}>
            Show
          </Button>
          {canEdit && (
            <ActionMenu
              trigger={<IconButton icon={Ellipsis} label={`Actions for “${name}”`} tooltip="title" size="xs" />}
              items={[
                { label: "Change…", icon: Pencil, onSelect: onEdit },
                { label: "Delete…", icon: Trash2, onSelect: onDelete },
              ]}
            />
          )}
        </Flex>
      </Flex>
      {lastResult && lastResult.failures.length > 0 && (
        <Box mt="3">
          <TestFailures failures={lastResult.failures} label={`What “${name}” found`} />
        </Box>
      )}
    </Box>
  );
}

function runOn({ version, revision }: NonNullable<FlowTest["lastResult"]>, now: string): string {
  if (version !== null) return `version ${version}`;
  return revision === now ? "what is edited now" : "an earlier draft";
}
