import { Box, Flex, Text } from "@chakra-ui/react";
import { FlaskConical, Send } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import type { ConversationThread } from "#contract/conversations.ts";
import type { Channel } from "#contract/messages.ts";
import { reasons } from "#contract/reasons.ts";
import { Button } from "#ui/button.tsx";
import { SegmentedField } from "#ui/fields/segmented-field.tsx";
import { TextAreaField } from "#ui/fields/text-area-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { Notice } from "#ui/notice.tsx";
import { channelLook } from "#web/entities/channels/channel-look.ts";
import { type AnswerDraft, useAnswerDraft } from "#web/entities/conversations/answer-drafts.ts";
import { api } from "#web/lib/api.ts";

/** Writes to the contact by hand, or in test mode as the contact. What cannot be sent says why before it is tried. */
export function Composer({ thread, onSent }: { thread: ConversationThread; onSent: () => Promise<void> }) {
  const { draft, write, forget } = useAnswerDraft(thread.contactId);
  const [channel, setChannel] = useState<Channel>(() => usualChannel(thread, draft));
  const [who, setWho] = useState<AnswerDraft["who"]>(draft?.who ?? "us");
  const [subject, setSubject] = useState(draft?.subject ?? "");
  const text = draft?.text ?? "";
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<string>();
  // Without the id: another text is another message.
  const change = (to: Partial<AnswerDraft>) => write({ channel, who, text, subject, ...to });
  const way = thread.channels.find((one) => one.channel === channel);
  const asContact = who === "contact" && way?.isTest === true;
  const closedBy = asContact ? (way.address === null ? way.closedBy : null) : (way?.closedBy ?? null);
  const isEmpty = text.trim() === "" || (channel === "email" && !asContact && subject.trim() === "");

  async function submit() {
    if (isEmpty || isSending || closedBy !== null) return;
    setSending(true);
    setProblem(undefined);
    const id = draft?.id ?? crypto.randomUUID();
    write({ channel, who, text, subject, id });
    const params = { id: thread.contactId };
    try {
      if (asContact) await api("answerAsContact", { params, body: { channel, text } });
      else {
        const sent = await api("sendByHand", { params, body: { id, channel, text, ...(channel === "email" && { subject }) } });
        if (sent.status === "failed")
          setProblem(`It was not sent: ${sent.reason ? reasons[sent.reason].text : (sent.errorMessage ?? "")}.`);
      }
      forget(id);
      await onSent();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setSending(false);
    }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    void submit();
  };
  return (
    <Box borderTopWidth="1px" px={{ base: "3", md: "6" }} py="3" flexShrink={0} onKeyDown={onKeyDown}>
      <Flex gap="3" wrap="wrap" mb="2" align="center">
        <SegmentedField
          label="By"
          hideLabel
          value={channel}
          onChange={(next) => {
            setChannel(next);
            change({ channel: next });
            setProblem(undefined);
          }}
          options={thread.channels.map((one) => ({ value: one.channel, label: channelLook[one.channel].name }))}
        />
        {way?.isTest && (
          <SegmentedField
            label="Who writes"
            hideLabel
            value={who}
            onChange={(next) => {
              setWho(next);
              change({ who: next });
            }}
            options={[
              { value: "us", label: "Write to the contact" },
              { value: "contact", label: "Answer as the contact" },
            ]}
          />
        )}
      </Flex>
      {closedBy !== null ? (
        <Notice status="warning" title={`Cannot be written to by ${channelLook[channel].noun}: ${reasons[closedBy].text}.`} />
      ) : (
        <>
          {channel === "email" && !asContact && (
            <Box mb="2">
              <TextField
                label="Subject"
                value={subject}
                onChange={(next) => {
                  setSubject(next);
                  change({ subject: next });
                }}
                maxLength={300}
              />
            </Box>
          )}
          <Flex gap="2" align="flex-end">
            <Box flex="1" minW="0">
              <TextAreaField
                label={asContact ? "What the contact answers" : "Your message"}
                hideLabel
                rows={2}
                placeholder={asContact ? "Answer as the contact…" : "Write a message…"}
                value={text}
                onChange={(next) => change({ text: next })}
              />
            </Box>
            <Button tone="primary" icon={asContact ? FlaskConical : Send} busy={isSending} disabled={isEmpty} onClick={() => void submit()}>
              {asContact ? "Answer" : "Send"}
            </Button>
          </Flex>
          {way?.isTest && (
            <Text textStyle="xs" color="fg.muted" mt="1.5">
              {asContact
                ? "It is taken as if the contact had written it, and flows go on by it."
                : `${channelLook[channel].name} is in test mode: nothing leaves this machine.`}
            </Text>
          )}
        </>
      )}
      {problem && (
        <Box mt="2">
          <Notice status="error">{problem}</Notice>
        </Box>
      )}
    </Box>
  );
}

/** The one in which the answer was begun, else the one by which the contact wrote last, else the first that is open. */
const usualChannel = ({ messages, channels }: ConversationThread, draft: AnswerDraft | undefined): Channel =>
  channels.find((one) => one.channel === draft?.channel)?.channel ??
  messages.findLast(({ direction }) => direction === "in")?.channel ??
  channels.find(({ closedBy }) => closedBy === null)?.channel ??
  "sms";
