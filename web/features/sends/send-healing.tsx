import { Box, Flex, Icon, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { UserRoundCheck } from "lucide-react";
import { useState } from "react";
import { type SendHealing as Healing, healingApprovalWords } from "#contract/healing.ts";
import { reasons } from "#contract/reasons.ts";
import type { Send } from "#contract/sends.ts";
import { Button } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { formatCount, plural } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { toast } from "#ui/toaster.tsx";
import { mayHeal, sendHealingQuery } from "#web/entities/sends/send-healing-query.ts";
import { refreshSends } from "#web/entities/sends/send-queries.ts";
import { api } from "#web/lib/api.ts";
import { RefusalNotice } from "#web/lib/refusal-notice.tsx";

/** Shows who of a send was not reached and can be now, with the button that sends to them. It shows nothing where there is nobody. */
export function SendHealing({ send, mayAct }: { send: Send; mayAct: boolean }) {
  const enabled = mayHeal(send);
  const healing = useQuery({ ...sendHealingQuery(send), enabled });
  const [open, setOpen] = useState(false);
  if (!enabled) return null;
  if (healing.isError && !healing.data) {
    return (
      <Box px={{ base: "4", md: "6" }} py="2" borderBottomWidth="1px">
        <Notice
          status="error"
          title="Who can be reached now could not be counted"
          action={
            <Button size="sm" busy={healing.isFetching} onClick={() => void healing.refetch()}>
              Try again
            </Button>
          }
        >
          {healing.error.message}
        </Notice>
      </Box>
    );
  }
  if (!healing.data || !(saysAnything(healing.data) || open)) return null;
  const { data } = healing;
  const running = data.last?.isRunning === true;
  return (
    <Flex
      as="section"
      aria-label="Who can be reached now"
      px={{ base: "4", md: "6" }}
      py="2.5"
      gap="3"
      rowGap="2"
      wrap="wrap"
      align="center"
      borderBottomWidth="1px"
      bg="bg.success"
      textStyle="sm"
    >
      <Icon boxSize="4" color="fg.success" flexShrink={0}>
        <UserRoundCheck aria-hidden />
      </Icon>
      <Box flex="1" minW="16rem" role="status">
        {running ? (
          <Text>Sending to those who can now be reached: {formatCount(doneOf(data))} so far.</Text>
        ) : (
          <>
            <Text fontWeight="500">{headline(data)}</Text>
            {data.byReason.length > 0 && <Text color="fg.muted">What stood in the way: {reasonWords(data)}</Text>}
            {mayAct && data.contacts > 0 && data.approval !== null && <Text>{healingApprovalWords[data.approval]}</Text>}
          </>
        )}
      </Box>
      {mayAct && !running && data.contacts > 0 && data.approval === null && (
        <Button tone="primary" onClick={() => setOpen(true)}>
          {pressWords(data)}
        </Button>
      )}
      <HealDialog send={send} healing={data} open={open} onClose={() => setOpen(false)} />
    </Flex>
  );
}

const doneOf = ({ last }: Healing): number => (last ? last.enrolled + last.continued : 0);
const saysAnything = ({ bar, contacts, isWhole, last }: Healing): boolean =>
  last?.isRunning === true || (bar === null && (contacts > 0 || !isWhole));

const atLeast = ({ contacts, isWhole }: Healing): string => (isWhole ? formatCount(contacts) : `at least ${formatCount(contacts)}`);
/** "Send to 38 who can now be reached". */
const pressWords = (healing: Healing): string => `Send to ${atLeast(healing)} who can now be reached`;
const headline = (healing: Healing): string => {
  const { contacts, isWhole } = healing;
  if (contacts === 0) return "Of the first contacts of this send nobody can be reached now who could not before.";
  const many = `${atLeast(healing)} ${contacts === 1 && isWhole ? "contact" : "contacts"}`;
  return `${many.charAt(0).toUpperCase()}${many.slice(1)} of this send ${contacts === 1 && isWhole ? "was" : "were"} not reached, and can be now.`;
};
/** "No phone number (30) · Opted out of SMS (8)". */
const reasonWords = ({ byReason }: Healing): string =>
  byReason.map(({ reason, contacts }) => `${reasons[reason].text} (${formatCount(contacts)})`).join(" · ");

interface HealDialogProps {
  send: Send;
  healing: Healing;
  open: boolean;
  onClose: () => void;
}

/** Says once more to whom, and sends. */
function HealDialog({ send, healing, open, onClose }: HealDialogProps) {
  const client = useQueryClient();
  const heal = useMutation({
    mutationFn: () =>
      api("healSend", { params: { id: send.id }, body: healing.isWhole && healing.contacts > 0 ? { seen: healing.contacts } : {} }),
    onSuccess: ({ healing: run }) => {
      const done = run.enrolled + run.continued;
      toast({
        status: "success",
        title: run.isRunning ? "Sending to those who can now be reached" : `Sending to ${plural(done, "contact")}`,
        description: "They go through the flow as the others of this send did.",
      });
      onClose();
    },
    onSettled: () => refreshSends(client),
  });
  return (
    <ConfirmDialog
      open={open}
      onClose={() => {
        heal.reset();
        onClose();
      }}
      onConfirm={() => heal.mutate()}
      tone="primary"
      title={healing.contacts === 0 ? "Nobody more can be reached now" : `${pressWords(healing)}?`}
      hideConfirm={healing.contacts === 0 || healing.approval !== null}
      confirmLabel={`Send to ${plural(healing.contacts, "contact")}`}
      busy={heal.isPending}
    >
      <Box display="grid" gap="3" textStyle="sm">
        <Text>
          This goes on with “{send.flowName}”, in the same send. Who was left out starts the flow; for others it goes on at the message that
          had not left. Nobody gets again what has left for them.
        </Text>
        {healing.byReason.length > 0 && (
          <Box>
            <Text color="fg.muted">What stood in the way, and is gone:</Text>
            <Box as="ul" listStyleType="disc" ps="5" fontVariantNumeric="tabular-nums">
              {healing.byReason.map(({ reason, contacts }) => (
                <li key={reason}>
                  {reasons[reason].text}: {plural(contacts, "contact")}
                </li>
              ))}
            </Box>
          </Box>
        )}
        {healing.approval !== null && <Notice status="warning">{healingApprovalWords[healing.approval]}</Notice>}
        {!healing.isWhole && (
          <Notice status="info">
            The send is large, so only a part of it was counted. It is sent to everybody in it who can be reached.
          </Notice>
        )}
        {healing.wouldRepeat > 0 && (
          <Notice
            status="info"
            title={`${plural(healing.wouldRepeat, "more contact")} can be reached and ${healing.wouldRepeat === 1 ? "is" : "are"} not sent to`}
          >
            Later messages of the flow have left for them, and would leave a second time.
          </Notice>
        )}
        {heal.isError && <RefusalNotice error={heal.error} onRetry={() => heal.mutate()} />}
      </Box>
    </ConfirmDialog>
  );
}
