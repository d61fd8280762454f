import { Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Channel, Message } from "#contract/messages.ts";
import { reasons } from "#contract/reasons.ts";
import { StatusBadge } from "#ui/status-badge.tsx";
import { messageQuery } from "#web/entities/messages/message-queries.ts";
import { inboundAddressQuery } from "#web/entities/providers/provider-queries.ts";
import { useNow } from "#web/lib/use-now.ts";

/** Seconds after which a report is late. Most come within ten. */
const patience = 60;

interface RoundTripProps {
  channel: Channel;
  messageId: string;
  /** What it went through, as in "your Twilio account". */
  way: string;
}

/** Whether the provider has reported back on a message that was just sent: as it happens, so that both ways are known to work. */
export function RoundTrip({ channel, messageId, way }: RoundTripProps) {
  const [since] = useState(Date.now);
  const seconds = Math.max(0, Math.round((useNow(1000) - since) / 1000));
  const address = useQuery(inboundAddressQuery(channel));
  const message = useQuery(messageQuery(messageId));
  const report = message.data && reportOf(message.data);
  return (
    <Stack as="ol" listStyleType="none" gap="1.5" aria-live="polite" aria-label="What became of it">
      <Line status="completed" label="Handed over">
        It is with {way}.
      </Line>
      {report ? (
        <Line status={report.isGood ? "completed" : "failed"} label="Report received">
          {report.text}
        </Line>
      ) : address.data && !address.data.isReachable ? (
        <Line status="failed" label="No report">
          Nobody on the internet can call this instance, so no report comes back. See the webhook address.
        </Line>
      ) : message.isError && !message.data ? (
        <Line status="failed" label="Unknown">
          Whether its report has come back could not be read: {message.error.message}
        </Line>
      ) : (
        <Line status="pending" label="Waiting">
          {seconds < patience
            ? `Waiting for its delivery report, ${seconds} s so far.`
            : "No report has come for a minute. Check that the webhook address stands at the provider as it is shown here."}
        </Line>
      )}
    </Stack>
  );
}

const Line = ({ status, label, children }: { status: "completed" | "failed" | "pending"; label: string; children: React.ReactNode }) => (
  <Text as="li" textStyle="sm" display="flex" gap="2" alignItems="baseline" flexWrap="wrap">
    <StatusBadge status={status} label={label} />
    <span>{children}</span>
  </Text>
);

function reportOf({ status, reason, errorMessage }: Message): { isGood: boolean; text: string } | undefined {
  if (status === "delivered") return { isGood: true, text: "Delivered. Calls of the provider arrive here." };
  if (status !== "undelivered" && status !== "failed") return undefined;
  const why = reason ? reasons[reason].text : errorMessage;
  return { isGood: false, text: `Not delivered${why ? `: ${why}` : ""}. Calls of the provider arrive here.` };
}
