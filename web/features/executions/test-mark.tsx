import { Badge } from "@chakra-ui/react";
import { FlaskConical } from "lucide-react";

/** This was a test: its messages were caught and reached nobody. */
export function TestMark() {
  return (
    <Badge
      size="sm"
      variant="outline"
      colorPalette="gray"
      color="fg.muted"
      flexShrink={0}
      title="A test: its messages were kept here and reached nobody"
    >
      <FlaskConical aria-hidden size={12} /> Test
    </Badge>
  );
}
