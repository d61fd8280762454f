import { Badge } from "@chakra-ui/react";
import type { FlowTestStatus } from "#contract/flow-tests.ts";

const words: Record<FlowTestStatus, { label: string; palette: string }> = {
  passed: { label: "Passes", palette: "green" },
  failed: { label: "Fails", palette: "red" },
  broken: { label: "Broken", palette: "orange" },
  unfinished: { label: "Not finished", palette: "orange" },
};

export const TestStatus = ({ status }: { status: FlowTestStatus | undefined }) => (
  <Badge colorPalette={status ? words[status].palette : "gray"} flexShrink={0}>
    {status ? words[status].label : "Not run yet"}
  </Badge>
);
