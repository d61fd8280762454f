import { Flex, Stack } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Check, Play, X } from "lucide-react";
import { useState } from "react";
import type { SendApproval } from "#contract/approvals.ts";
import type { Send } from "#contract/sends.ts";
import { Button } from "#ui/button.tsx";
import { TextAreaField } from "#ui/fields/text-area-field.tsx";
import { Notice } from "#ui/notice.tsx";
import { toast } from "#ui/toaster.tsx";
import { refreshSends } from "#web/entities/sends/send-queries.ts";
import { api } from "#web/lib/api.ts";
import { type ApiError, isApiError } from "#web/lib/api-error.ts";
import { FormError } from "#web/lib/form-error.tsx";

interface DecideApprovalProps {
  ask: SendApproval;
  onChanged: (send: Send) => void;
  /** What was looked at is not what there is. */
  onOutdated: () => void;
}

const nobodys = {
  own: "You asked for this send, so another admin has to decide. You can withdraw it.",
  role: "Admins and owners decide. Whoever asked gets a notice of it.",
} as const;

/** Approves or refuses a send that waits, with a comment for whoever asked. */
export function DecideApproval({ ask, onChanged, onOutdated }: DecideApprovalProps) {
  const client = useQueryClient();
  const [comment, setComment] = useState("");
  const [lacksWhy, setLacksWhy] = useState(false);
  const decide = useMutation<Send, ApiError, "approve" | "refuse">({
    mutationFn: (what) => {
      const params = { id: ask.sendId };
      if (what === "refuse") return api("refuseSend", { params, body: { comment } });
      return api("approveSend", { params, body: { hash: ask.hash, startNow: ask.startPassed, ...(comment.trim() && { comment }) } });
    },
    onSuccess: (send, what) => {
      onChanged(send);
      if (what === "approve") toast({ status: "success", title: "Send approved", description: approvedWords(ask) });
      else toast({ status: "success", title: "Send refused", description: "Nothing of it leaves. Whoever asked is told why." });
    },
    onError: (error) => {
      if (!isApiError(error, "approval_outdated") && !isApiError(error, "approval_over") && !isApiError(error, "start_passed")) return;
      // What is read now takes the place of this form, so the reason is told beside it.
      toast({ status: "warning", title: "Nothing was decided", description: error.message, duration: 12_000 });
      onOutdated();
    },
    onSettled: () => refreshSends(client),
  });
  if (ask.mayNot !== null) return <Notice status="info">{nobodys[ask.mayNot]}</Notice>;
  return (
    <Stack gap="3">
      <TextAreaField
        label="Comment"
        help="Whoever asked reads it. A refusal needs one."
        rows={2}
        required={false}
        value={comment}
        onChange={(next) => {
          setComment(next);
          setLacksWhy(false);
        }}
        error={lacksWhy ? "Say why, so that it can be changed" : undefined}
        disabled={decide.isPending}
      />
      <FormError error={decide.error} shownAt={[]} />
      <Flex gap="2" wrap="wrap">
        <Button
          tone="primary"
          icon={ask.startPassed ? Play : Check}
          onClick={() => decide.mutate("approve")}
          busy={decide.isPending && decide.variables === "approve"}
          disabled={decide.isPending || ask.isTooLate}
        >
          {ask.startPassed ? "Approve and begin now" : "Approve"}
        </Button>
        <Button
          icon={X}
          color="red.fg"
          onClick={() => (comment.trim() === "" ? setLacksWhy(true) : decide.mutate("refuse"))}
          busy={decide.isPending && decide.variables === "refuse"}
          disabled={decide.isPending}
        >
          Refuse
        </Button>
      </Flex>
    </Stack>
  );
}

const approvedWords = ({ startPassed }: SendApproval): string =>
  startPassed ? "It begins now." : "It begins now, or at its planned start. Whoever asked is told.";
