import { Box, chakra, Text } from "@chakra-ui/react";
import type { FlowNode } from "#contract/flows.ts";
import type { DraftMessagePreview, MessagePreview } from "#contract/message-previews.ts";
import { reasons } from "#contract/reasons.ts";
import { isolated } from "#ui/format.ts";
import { Notice } from "#ui/notice.tsx";
import { EmailView } from "./email-view.tsx";
import { SmsBubble } from "./sms-bubble.tsx";

type Shown = MessagePreview | DraftMessagePreview;

/** The message and to whom it goes, or why there is none and how its author wrote it. */
export function PreviewedMessage({ preview, node }: { preview: Shown; node: FlowNode }) {
  const { channel, to, blocked, message } = preview;
  const isMadeUp = preview.contactId === null;
  const name = isolated(preview.contactName ?? "This contact");
  return (
    <>
      {blocked && (
        <Notice status="warning" title={`${name} would not get this message`}>
          {reasons[blocked].text}.
        </Notice>
      )}
      {!isMadeUp && <WhyNot preview={preview} name={name} />}
      <chakra.dl display="grid" gridTemplateColumns="4rem 1fr" gapX="3" gapY="1" textStyle="sm">
        <Fact term="To">{to ?? (isMadeUp ? "nobody: this contact is made up" : "no address that can be used")}</Fact>
        {message?.subject != null && <Fact term="Subject">{message.subject}</Fact>}
      </chakra.dl>
      {message ? (
        <Box borderWidth="1px" borderRadius="l2" overflow="hidden" display="flex" flexDirection="column">
          {channel === "email" ? (
            <EmailView key={preview.contactId ?? "sample"} subject={message.subject} text={message.text} html={message.html} choosesWidth />
          ) : (
            <SmsBubble text={message.text} segments={message.segments} />
          )}
        </Box>
      ) : (
        <AsWritten node={node} text={"textTemplate" in preview ? preview.textTemplate : undefined} />
      )}
    </>
  );
}

function WhyNot({ preview: { problem, missing }, name }: { preview: Shown; name: string }) {
  if (missing.length === 0)
    return problem === null ? null : (
      <Notice status="warning" title={`The message cannot be sent to ${name}`}>{`${reasons[problem].text}.`}</Notice>
    );
  const [ofContact, ofStart, ofSteps, ofSender] = (["contact", "start", "step", "input"] as const).map((from) =>
    missing.filter((one) => one.from === from),
  );
  return (
    <>
      {ofContact?.[0] && (
        <Notice status="warning" title={`The message cannot be sent to ${name}: something is missing`}>
          <Fields of={ofContact} /> {ofContact.length === 1 ? "has" : "have"} no value for this contact. Fill it in at the contact, or give
          a default in the flow: <Code>{`{{ ${ofContact[0].field} | default: "…" }}`}</Code>
        </Notice>
      )}
      {ofStart?.[0] && (
        <Notice status="warning" title="Part of this message is missing when the flow is sent by hand">
          <Fields of={ofStart} /> {ofStart.length === 1 ? "comes" : "come"} from the program or the flow that starts this one. When you send
          it yourself, the message is skipped.
        </Notice>
      )}
      {ofSender?.[0] && (
        <Notice status="info" title="Part of this message is asked for when the flow is sent">
          <Fields of={ofSender} /> {ofSender.length === 1 ? "is" : "are"} filled in by whoever sends the flow.
        </Notice>
      )}
      {ofSteps?.[0] && (
        <Notice status="info" title="Part of this message is known only while the flow runs">
          An earlier step sets <Fields of={ofSteps} />.
        </Notice>
      )}
    </>
  );
}

const Fields = ({ of }: { of: MessagePreview["missing"] }) =>
  of.map(({ field }, index) => (
    <span key={field}>
      {index > 0 && ", "}
      <Code>{field}</Code>
    </span>
  ));

const Code = chakra("code", { base: { fontFamily: "mono", fontSize: "0.92em", overflowWrap: "anywhere" } });

/** The text with its merge fields, as it stands in the flow. */
function AsWritten({ node, text: made }: { node: FlowNode; text: string | undefined }) {
  const { subject, text: written } = node.data.config ?? {};
  const text = made ?? written;
  return (
    <Box>
      <Text textStyle="label" color="fg.muted" mb="1">
        As it is written in the flow
      </Text>
      <Box borderWidth="1px" borderRadius="l2" bg="bg.subtle" px="3" py="2.5" textStyle="sm">
        {typeof subject === "string" && (
          <Text fontWeight="500" mb="1" overflowWrap="anywhere" dir="auto">
            {subject}
          </Text>
        )}
        <Text whiteSpace="pre-wrap" overflowWrap="anywhere" dir="auto">
          {typeof text === "string" ? text : ""}
        </Text>
      </Box>
    </Box>
  );
}

function Fact({ term, children }: { term: string; children: string }) {
  return (
    <>
      <chakra.dt color="fg.muted">{term}</chakra.dt>
      <chakra.dd minW="0" overflowWrap="anywhere">
        {children}
      </chakra.dd>
    </>
  );
}
