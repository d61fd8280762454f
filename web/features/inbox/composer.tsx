import { Box, Flex, Text } from "@chakra-ui/react";
import { FlaskConical, Send } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import type { ConversationThread } from "#contract/conversations.ts";
import type { Channel } from "#contract/messages.ts";
import { reasons } from "#contract/reasons.ts";
import { Button } from "#ui/button.tsx";
import { SegmentedField } from "#ui/fields/segmented-field.tsx";
import { TextAreaField } from "#ui/fields/text-area-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { Notice } from "#ui/notice.tsx";
import { channelLook } from "#web/entities/channels/channel-look.ts";
import { api } from "#web/lib/api.ts";

type Who = "us" | "contact";

/** Writes to the contact by hand, or in test mode as the contact. What cannot be sent says why before it is tried. */
export function Composer({ thread, onSent }: { thread: ConversationThread; onSent: () => Promise<void> }) {
  const [channel, setChannel] = useState<Channel>(() => firstChannel(thread));
  const [who, setWho] = useState<Who>("us");
  const [text, setText] = useState("");
  const [subject, setSubject] = useState("");
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<string>();
  // The same message that is tried again keeps its id, so that it is sent once. Another text is another message.
  const id = useRef<string>(undefined);
  const change =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      id.current = undefined;
      set(value);
    };
  const way = thread.channels.find((one) => one.channel === channel);
  const asContact = who === "contact" && way?.isTest === true;
  const closedBy = asContact ? (way.address === null ? way.closedBy : null) : (way?.closedBy ?? null);
  const isEmpty = text.trim() === "" || (channel === "email" && !asContact && subject.trim() === "");

  async function submit() {
    if (isEmpty || isSending || closedBy !== null) return;
    setSending(true);
    setProblem(undefined);
    id.current ??= crypto.randomUUID();
    const params = { id: thread.contactId };
    try {
      if (asContact) await api("answerAsContact", { params, body: { channel, text } });
      else {
        const sent = await api("sendByHand", { params, body: { id: id.current, channel, text, ...(channel === "email" && { subject }) } });
        if (sent.status === "failed")
          setProblem(`It was not sent: ${sent.reason ? reasons[sent.reason].text : (sent.errorMessage ?? "")}.`);
      }
      id.current = undefined;
      setText("");
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
            change(setChannel)(next);
            setProblem(undefined);
          }}
          options={thread.channels.map((one) => ({ value: one.channel, label: channelLook[one.channel].name }))}
        />
        {way?.isTest && (
          <SegmentedField
            label="Who writes"
            hideLabel
            value={who}
            onChange={setWho}
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
              <TextField label="Subject" value={subject} onChange={change(setSubject)} maxLength={300} />
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
                onChange={change(setText)}
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

/** The one by which the contact wrote last, else the first that is open. */
const firstChannel = ({ messages, channels }: ConversationThread): Channel =>
  messages.findLast(({ direction }) => direction === "in")?.channel ?? channels.find(({ closedBy }) => closedBy === null)?.channel ?? "sms";
