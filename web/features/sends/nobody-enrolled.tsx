import { History, UserX } from "lucide-react";
import { isSendOver, type Send } from "#contract/sends.ts";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { formatCount } from "#ui/format.ts";

/** Whether a send has ended without anybody in it. It has no progress then, and nobody is still to come. */
export const endedEmpty = (send: Send): boolean => isSendOver(send.state) && send.enrolled === 0;

/** Stands in place of the enrolled of a send, and leads to those who were not enrolled and why. */
export function NobodyEnrolled({ send, onShowNotEnrolled }: { send: Send; onShowNotEnrolled: () => void }) {
  if (!endedEmpty(send))
    return (
      <EmptyState icon={History} title="Nobody has been enrolled yet">
        Every contact that is enrolled appears here with each step that was done.
      </EmptyState>
    );
  return (
    <EmptyState
      icon={UserX}
      title="Nobody was enrolled"
      action={
        send.notEnrolled > 0 && (
          <Button onClick={onShowNotEnrolled}>{`Show who was not enrolled (${formatCount(send.notEnrolled)})`}</Button>
        )
      }
    >
      {send.notEnrolled > 0
        ? "This send is over, and no contact of it went through the flow. Each of them is listed with the reason."
        : "This send is over, and no contact of it went through the flow."}
    </EmptyState>
  );
}
