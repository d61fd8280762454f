import { Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { SendApproval } from "#contract/approvals.ts";
import { approvalContentQuery } from "#web/entities/sends/approval-query.ts";
import { RefusalNotice } from "#web/lib/refusal-notice.tsx";
import { ApprovalSample } from "./approval-sample.tsx";
import { OwnFlow } from "./own-flow.tsx";
import { OwnValues } from "./own-values.tsx";

interface ApprovalContentsProps {
  ask: SendApproval;
  now: number;
  zone: string;
}

/** What is sent: the steps of a flow that came with the send, the values of single contacts, and the messages to a contact of one's choice. */
export function ApprovalContents({ ask: { sendId, hash }, now, zone }: ApprovalContentsProps) {
  const content = useQuery(approvalContentQuery(sendId, hash));
  const [contactId, setContactId] = useState<string | null>(null);
  // The field is emptied where somebody is chosen beside it, so that it never names another contact than the messages.
  const [picks, setPicks] = useState(0);
  return (
    <>
      {content.isPending ? (
        <Text textStyle="sm" color="fg.muted" role="status">
          Reading what is sent…
        </Text>
      ) : content.data ? (
        <>
          {content.data.graph && <OwnFlow graph={content.data.graph} />}
          {content.data.ownValues.length > 0 && (
            <OwnValues
              values={content.data.ownValues}
              shown={contactId}
              onShow={(id) => {
                setContactId(id);
                setPicks((before) => before + 1);
              }}
            />
          )}
        </>
      ) : (
        <RefusalNotice
          title="The values of single contacts could not be read"
          error={content.error}
          onRetry={() => void content.refetch()}
        />
      )}
      <ApprovalSample {...{ sendId, hash, now, zone, contactId, picks }} onChoose={setContactId} />
    </>
  );
}
