import { Box, Heading, Stack } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { hasMoved, returnWords, type SendApproval } from "#contract/approvals.ts";
import type { Send } from "#contract/sends.ts";
import { momentWords } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { sendApprovalQuery } from "#web/entities/sends/approval-query.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { ApprovalContents } from "./approval-contents.tsx";
import { ApprovalFacts } from "./approval-facts.tsx";
import { ApprovalForecast } from "./approval-forecast.tsx";
import { DecideApproval } from "./decide-approval.tsx";

interface ApprovalPanelProps {
  send: Send;
  now: number;
  zone: string;
  onChanged: (send: Send) => void;
}

/** Everything that an admin looks at before they approve a send that waits, and where they do it. */
export function ApprovalPanel({ send, now, zone, onChanged }: ApprovalPanelProps) {
  const { can } = useSession();
  const approval = useQuery(sendApprovalQuery(send));
  if (approval.isPending) return <SkeletonRows label="Loading what is to be approved" />;
  if (!approval.data) {
    return (
      <LoadError
        title="What is to be approved could not be loaded"
        error={approval.error}
        onRetry={() => void approval.refetch()}
        retrying={approval.isFetching}
      />
    );
  }
  const ask = approval.data;
  return (
    <Box as="section" aria-labelledby="approval-title" flex="1" minH="0" overflowY="auto" px={{ base: "4", md: "6" }} py="4" tabIndex={0}>
      <Stack gap="5" maxWidth="3xl">
        <Heading as="h2" id="approval-title" textStyle="md" fontWeight="600">
          {ask.mayNot === null ? "Your approval is asked for" : "This send waits for approval"}
        </Heading>
        <Changes ask={ask} now={now} zone={zone} />
        <ApprovalFacts send={send} ask={ask} now={now} zone={zone} />
        {send.forecastId !== null && can("editor") && <ApprovalForecast id={send.forecastId} now={now} zone={zone} />}
        {can("editor") && <ApprovalContents key={ask.hash} ask={ask} now={now} zone={zone} />}
        <DecideApproval key={ask.hash} ask={ask} onChanged={onChanged} onOutdated={() => void approval.refetch()} />
      </Stack>
    </Box>
  );
}

/** What is another than when it was asked for. */
function Changes({ ask, now, zone }: { ask: SendApproval; now: number; zone: string }) {
  const { returned, contacts, contactsNow, flow } = ask;
  const moved = contactsNow !== null && hasMoved(contacts, contactsNow);
  return (
    <>
      {returned && (
        <Notice status="warning" title="It was asked for again">
          {returnWords(returned.because, { before: returned.contactsBefore, now: contacts })} That was {momentWords(returned.at, now, zone)}
          .
        </Notice>
      )}
      {flow.isArchived && (
        <Notice status="warning" title="The flow is archived">
          Nobody can approve this send while it is: unarchive the flow first. It can be refused or withdrawn all the same.
        </Notice>
      )}
      {flow.hasChanged && !flow.isArchived && (
        <Notice status="warning" title="The flow has changed since">
          An approval now begins nothing: the send is asked for again, with the flow as it is now.
        </Notice>
      )}
      {moved && !flow.hasChanged && !flow.isArchived && (
        <Notice status="warning" title="The audience has moved">
          {returnWords("audience_moved", { before: contacts, now: contactsNow })} An approval now begins nothing: the send is asked for
          again.
        </Notice>
      )}
      {ask.isTooLate ? (
        <Notice status="warning" title="It is too late for this send">
          The time after which nothing of it leaves has passed. It can only be refused or withdrawn.
        </Notice>
      ) : (
        ask.startPassed && (
          <Notice status="warning" title="The planned start has passed">
            Approved now, it begins at once.
          </Notice>
        )
      )}
    </>
  );
}
