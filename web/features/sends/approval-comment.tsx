import { Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import type { Send } from "#contract/sends.ts";
import { RelativeTime } from "#ui/relative-time.tsx";
import { sendApprovalQuery } from "#web/entities/sends/approval-query.ts";

/** What was said when a send was approved or refused. Nothing where nothing was said. */
export function ApprovalComment({ send }: { send: Send }) {
  const { data } = useQuery(sendApprovalQuery(send));
  if (!data?.comment) return null;
  return <Text overflowWrap="anywhere">“{data.comment}”</Text>;
}

/** Shows who approved a send, and when. */
export function ApprovedBy({ send }: { send: Send }) {
  const { data } = useQuery(sendApprovalQuery(send));
  if (!data?.decidedAt) return null;
  return (
    <Text textStyle="sm" color="fg.muted" px={{ base: "4", md: "6" }} py="2" borderBottomWidth="1px" overflowWrap="anywhere">
      Approved by {data.decidedByName ?? "somebody who has left"} <RelativeTime at={data.decidedAt} />
      {data.comment && `: “${data.comment}”`}
    </Text>
  );
}
