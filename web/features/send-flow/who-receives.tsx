import { Box, Flex, Icon, Spinner, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { ChevronDown, CircleCheck, CircleSlash, TriangleAlert } from "lucide-react";
import { useId, useState } from "react";
import { reasons } from "#contract/reasons.ts";
import type { SendPreview } from "#contract/sends.ts";
import type { Narrowing } from "#contract/who-not.ts";
import { Button } from "#ui/button.tsx";
import { formatCount } from "#ui/format.ts";
import { useSlow } from "#ui/use-slow.ts";
import { sendPreviewQuery } from "#web/entities/sends/send-queries.ts";
import { isApiError } from "#web/lib/api-error.ts";
import type { Audience } from "./audience.ts";
import { Disclosure } from "./disclosure.tsx";
import { channelWords, figure, hasReasons, type PreviewWords, previewLine } from "./preview-words.ts";

interface WhoReceivesProps {
  flowId: string;
  audience: Audience;
  oncePerAddress: boolean;
  narrowing: Narrowing;
}

const looks: Record<PreviewWords["tone"], { Glyph: typeof CircleCheck; color: string }> = {
  good: { Glyph: CircleCheck, color: "fg.success" },
  some: { Glyph: TriangleAlert, color: "fg.warning" },
  nobody: { Glyph: CircleSlash, color: "fg.error" },
};

/** Says, before a flow is sent, how many of the chosen contacts can receive nothing, and why. Sending never waits for it. */
export function WhoReceives({ flowId, audience, oncePerAddress, narrowing }: WhoReceivesProps) {
  const preview = useQuery(sendPreviewQuery({ flowId, selection: audience.selection, oncePerAddress, ...narrowing }));
  const isSlow = useSlow(preview.isPending);
  return (
    // The height of one line is kept, so that nothing below moves when the count comes in.
    <Box minHeight="6" textStyle="sm">
      <Box role="status">
        {isSlow && (
          <Flex gap="2" align="center" color="fg.muted" minHeight="6">
            <Spinner size="xs" />
            Counting who can receive something…
          </Flex>
        )}
        {preview.data && <Counted preview={preview.data} />}
      </Box>
      {preview.isError && !preview.data && (
        <Flex role="alert" gap="2" align="flex-start">
          <Mark Glyph={TriangleAlert} color="fg.warning" />
          <Text flex="1" minW="0" title={isApiError(preview.error) ? preview.error.code : undefined}>
            How many can receive nothing is not known. {preview.error.message}
          </Text>
          <Button size="xs" onClick={() => void preview.refetch()} busy={preview.isFetching}>
            Count again
          </Button>
        </Flex>
      )}
    </Box>
  );
}

function Mark({ Glyph, color }: { Glyph: typeof CircleCheck; color: string }) {
  return (
    <Icon boxSize="4" mt="0.5" color={color} flexShrink="0">
      <Glyph aria-hidden />
    </Icon>
  );
}

function Counted({ preview }: { preview: SendPreview }) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const words = previewLine(preview);
  if (words === null) return null;
  const look = looks[words.tone];
  return (
    <>
      <Flex gap="2" align="flex-start">
        <Mark {...look} />
        <Text flex="1" minW="0" fontWeight={words.tone === "good" ? undefined : "medium"} fontVariantNumeric="tabular-nums">
          {words.line}
        </Text>
        {hasReasons(preview) && (
          <Disclosure type="button" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
            Reasons
            <Box as="span" transition="transform 150ms" transform={open ? "rotate(180deg)" : undefined}>
              <ChevronDown aria-hidden size={14} />
            </Box>
          </Disclosure>
        )}
      </Flex>
      <Box id={id} hidden={!open}>
        {open && <Reasons preview={preview} />}
      </Box>
    </>
  );
}

function Reasons({ preview: { total, sampled, notEnrolled, channels } }: { preview: SendPreview }) {
  const groups = [
    { title: "Will not start", rows: notEnrolled.map((one) => ({ ...one, nothing: 0 })) },
    ...channels.map(({ channel, refused }) => ({
      title: channelWords(
        channel,
        refused.reduce((sum, { contacts }) => sum + contacts, 0),
        sampled,
      ),
      rows: refused,
    })),
  ].filter(({ rows }) => rows.length > 0);
  const several = channels.length > 1;
  return (
    <Stack gap="3" mt="2" ms="6" ps="3" borderStartWidth="2px" borderColor="border.emphasized">
      {groups.map(({ title, rows }) => (
        <Box key={title}>
          <Text fontWeight="medium">{title}</Text>
          <Box as="ul" listStyleType="none" color="fg.muted" fontVariantNumeric="tabular-nums">
            {rows.map(({ reason, contacts, nothing }) => (
              <li key={reason}>
                {reasons[reason].text}: {figure(contacts, sampled)}
                {several && nothing > 0 && nothing < contacts && `, of whom ${figure(nothing, sampled)} can receive nothing`}
              </li>
            ))}
          </Box>
        </Box>
      ))}
      <Text textStyle="xs" color="fg.muted">
        {sampled !== null &&
          `Estimated from ${formatCount(sampled)} of the ${formatCount(total)} contacts, picked at random. The send itself checks every contact. `}
        This counts opt-outs, blocked and missing addresses, shared addresses, contacts already in the flow and contacts who have had as
        many messages as they may get in a day, as they are now. It does not look at which way each contact takes through the flow.
      </Text>
    </Stack>
  );
}
