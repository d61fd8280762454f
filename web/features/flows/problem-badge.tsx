import { Badge } from "@chakra-ui/react";
import { TriangleAlert } from "lucide-react";
import { plural } from "#ui/format.ts";

/** Shows the number of problems that keep a flow from being sent. */
export function ProblemBadge({ count }: { count: number }) {
  return (
    <Badge size="sm" color="status.failed" bg="status.failed.bg" flexShrink={0}>
      <TriangleAlert aria-hidden size={14} /> {plural(count, "problem")}
    </Badge>
  );
}
