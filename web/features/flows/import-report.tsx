import { Box, chakra, Flex, Heading, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { Check, CircleHelp, EyeOff, type LucideIcon, PencilLine, X } from "lucide-react";
import { type ImportLine, importLineKinds } from "#contract/flow-files.ts";
import { formatCount } from "#ui/format.ts";
import { IconButton } from "#ui/icon-button.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { importReportQuery } from "#web/entities/flows/flow-queries.ts";

interface ImportReportProps {
  flowId: string;
  onShowStep: (nodeId: string) => void;
  onClose: () => void;
}

const looks: Record<ImportLine["kind"], { title: string; help: string; Icon: LucideIcon; color: string }> = {
  choice: { title: "To choose", help: "Somebody has to decide these.", Icon: CircleHelp, color: "fg.warning" },
  changed: { title: "Changed", help: "Spelled otherwise here, and doing the same.", Icon: PencilLine, color: "fg.muted" },
  without_effect: { title: "Kept without effect", help: "Stored as it came in; nothing here reads it.", Icon: EyeOff, color: "fg.muted" },
  understood: { title: "Understood", help: "Taken over as it is.", Icon: Check, color: "fg.success" },
};

/** What became of each step of an imported flow. It grows shorter as the steps are set up. */
export function ImportReport({ flowId, onShowStep, onClose }: ImportReportProps) {
  const report = useQuery(importReportQuery(flowId));
  const lines = report.data?.lines ?? [];
  return (
    <Flex
      as="section"
      aria-label="Import report"
      direction="column"
      minH="0"
      w={{ base: "full", lg: "20rem" }}
      maxH={{ base: "45%", lg: "none" }}
      flexShrink={0}
      borderEndWidth={{ lg: "1px" }}
      borderBottomWidth={{ base: "1px", lg: "0" }}
      bg="bg.subtle"
    >
      <Flex align="center" justify="space-between" ps={{ base: "4", md: "6" }} pe="3" py="2" borderBottomWidth="1px">
        <Heading as="h2" textStyle="sm" fontWeight="600">
          Import report
        </Heading>
        <IconButton icon={X} label="Close the import report" size="xs" onClick={onClose} />
      </Flex>
      <Box overflowY="auto" flex="1" minH="0" pb="4">
        {report.isPending ? (
          <SkeletonRows columns={["80%"]} label="Loading the report" />
        ) : report.isError && !report.data ? (
          <LoadError
            title="The report could not be loaded"
            error={report.error}
            onRetry={() => void report.refetch()}
            retrying={report.isRefetching}
          />
        ) : (
          importLineKinds.map((kind) => (
            <Group key={kind} kind={kind} lines={lines.filter((line) => line.kind === kind)} onShowStep={onShowStep} />
          ))
        )}
      </Box>
    </Flex>
  );
}

interface GroupProps extends Pick<ImportReportProps, "onShowStep"> {
  kind: ImportLine["kind"];
  lines: readonly ImportLine[];
}

function Group({ kind, lines, onShowStep }: GroupProps) {
  const { title, help, Icon, color } = looks[kind];
  if (lines.length === 0 && kind !== "choice") return null;
  return (
    <chakra.details open={kind === "choice" || kind === "changed" || undefined} borderBottomWidth="1px">
      <chakra.summary cursor="pointer" ps={{ base: "4", md: "6" }} pe="4" py="2.5" listStylePosition="outside">
        <Flex as="span" display="inline-flex" align="center" gap="2" fontWeight="500" textStyle="sm">
          <Icon aria-hidden size={15} />
          {title}
          <Text as="span" color="fg.muted" fontVariantNumeric="tabular-nums">
            {formatCount(lines.length)}
          </Text>
        </Flex>
      </chakra.summary>
      <Text textStyle="xs" color="fg.muted" ps={{ base: "4", md: "6" }} pe="4" pb="2">
        {lines.length === 0 ? "Nothing is left to choose." : help}
      </Text>
      <Box as="ul" listStyleType="none" pb={lines.length > 0 ? "2" : "0"}>
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two lines may be the same in every word
          <li key={`${line.nodeId}${line.edgeId}${index}`}>
            <Line line={line} color={color} onShowStep={onShowStep} />
          </li>
        ))}
      </Box>
    </chakra.details>
  );
}

function Line({ line, color, onShowStep }: { line: ImportLine; color: string; onShowStep: (id: string) => void }) {
  const { nodeId, step, message, from, to } = line;
  const words = (
    <>
      {step && (
        <Text as="span" display="block" fontWeight="500" truncate>
          {step}
        </Text>
      )}
      <Text as="span" display="block" color="fg.muted" overflowWrap="anywhere">
        {message}
        {from !== undefined && to !== undefined && (
          <>
            {" "}
            <chakra.code textStyle="xs">{from}</chakra.code> → <chakra.code textStyle="xs">{to}</chakra.code>
          </>
        )}
      </Text>
    </>
  );
  const look = {
    w: "full",
    textAlign: "start",
    textStyle: "sm",
    ps: { base: "4", md: "6" },
    pe: "4",
    py: "1.5",
    borderStartWidth: "2px",
    borderColor: "transparent",
  } as const;
  return nodeId === undefined ? (
    <Box {...look}>{words}</Box>
  ) : (
    <chakra.button
      type="button"
      {...look}
      cursor="pointer"
      _hover={{ bg: "bg.muted", borderColor: color }}
      onClick={() => onShowStep(nodeId)}
    >
      {words}
    </chakra.button>
  );
}
