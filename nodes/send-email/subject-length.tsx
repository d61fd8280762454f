import { Box } from "@chakra-ui/react";
import type { MessageSurvey } from "#contract/message-previews.ts";
import { isolated, plural } from "#ui/format.ts";

/** Characters of a subject that lists of messages show on a wide screen; telephones show about half of them. */
const seen = 70;

/** How long a subject is as it leaves: for the contact of the preview, and for whom it is the longest. */
export function SubjectLength({ filled, name, longest }: { filled: string | undefined; name: string; longest: MessageSurvey["longest"] }) {
  const lines = [
    ...(filled === undefined ? [] : [[`For ${isolated(name)}`, filled.length] as const]),
    ...(longest ? [[`Longest${longest.contactName ? ` (${isolated(longest.contactName)})` : ""}`, longest.text.length] as const] : []),
  ];
  return (
    <Box role="status" aria-live="off" aria-label="Length of the subject" textStyle="xs" color="fg.muted" fontVariantNumeric="tabular-nums">
      {lines.map(([who, length]) => (
        <Box key={who}>
          {who}:{" "}
          <Box as="span" fontWeight="medium" color={length > seen ? "fg.warning" : "fg"}>
            {plural(length, "character")}
          </Box>
          {length > seen && " · its end is cut off in most lists"}
        </Box>
      ))}
    </Box>
  );
}
