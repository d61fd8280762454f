import { Badge, Flex, VisuallyHidden } from "@chakra-ui/react";
import { Ban, type LucideIcon, MailWarning, MailX, MessageSquareOff, PhoneOff } from "lucide-react";
import type { Contact } from "#contract/contacts.ts";
import { isSendableEmail } from "#contract/email-address.ts";
import type { Channel } from "#contract/messages.ts";
import { formatExact } from "#ui/format.ts";
import { useZone } from "#ui/relative-time.tsx";

export interface Mark {
  /** The channel that it closes. */
  channel: Channel | "all";
  word: string;
  why: string;
  icon: LucideIcon;
  tone: "failed" | "waiting";
}

/** How an opt-out came about, where the stored source is a code of ours. Other sources are told as they are. */
const sourceWords: Record<string, string> = { manual: "set by hand", import: "by an import", flow: "by a flow" };

const since = (what: string, at: string, source: string | null, zone: string | undefined) =>
  `${what} on ${formatExact(at, zone)}${source ? `, ${sourceWords[source] ?? `by ${source}`}` : ""}`;

/** The reasons why a contact gets no messages on some channel, worst first. */
export const consentMarks = (contact: Contact, zone?: string): Mark[] => {
  const { dnc, smsOptedOutAt, emailOptedOutAt, optOutSource, phoneNumber, phoneE164, email } = contact;
  const marks: Mark[] = [];
  if (dnc)
    marks.push({
      channel: "all",
      word: "Do not contact",
      why: "Marked do-not-contact: nothing is sent on any channel",
      icon: Ban,
      tone: "failed",
    });
  if (smsOptedOutAt)
    marks.push({
      channel: "sms",
      word: "No SMS",
      why: since("Opted out of SMS", smsOptedOutAt, optOutSource, zone),
      icon: MessageSquareOff,
      tone: "waiting",
    });
  if (emailOptedOutAt)
    marks.push({
      channel: "email",
      word: "No e-mail",
      why: since("Opted out of e-mail", emailOptedOutAt, optOutSource, zone),
      icon: MailX,
      tone: "waiting",
    });
  if (phoneNumber && !phoneE164)
    marks.push({
      channel: "sms",
      word: "Bad number",
      why: `“${phoneNumber}” is not a valid phone number: no SMS can be sent to it`,
      icon: PhoneOff,
      tone: "failed",
    });
  if (email && !isSendableEmail(email))
    marks.push({
      channel: "email",
      word: "Bad e-mail",
      why: `“${email}” is not a valid e-mail address: nothing can be sent to it`,
      icon: MailWarning,
      tone: "failed",
    });
  return marks;
};

/**
 * Where there is little room (`brief`), several marks are drawn as icons alone. In a table the worst one has its word and
 * the others are icons, so that none is cut off. The words are on hover and for screen readers.
 */
export function ConsentBadges({ contact, brief = false }: { contact: Contact; brief?: boolean }) {
  const marks = consentMarks(contact, useZone());
  return (
    <Flex gap="1" minWidth="0" overflow="hidden" flexShrink={brief ? 0 : 1}>
      {marks.map(({ word, why, icon: Icon, tone }, index) => (
        <Badge key={word} size="sm" color={`status.${tone}`} bg={`status.${tone}.bg`} title={why} flexShrink="0" minHeight="5">
          <Icon size={12} aria-hidden />
          {marks.length > 1 && (brief || index > 0) ? <VisuallyHidden>{word}</VisuallyHidden> : word}
        </Badge>
      ))}
    </Flex>
  );
}
