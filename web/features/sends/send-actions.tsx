import { CalendarClock, CirclePause, CirclePlay, CircleStop, EllipsisVertical, RotateCcw, Undo2 } from "lucide-react";
import type { Send } from "#contract/sends.ts";
import { Button } from "#ui/button.tsx";
import { formatCount } from "#ui/format.ts";
import { IconButton } from "#ui/icon-button.tsx";
import { ActionMenu } from "#ui/menu.tsx";
import { mayPause, mayResume, mayStop, mayWithdraw } from "#web/entities/sends/send-state.ts";
import { useRetryable } from "#web/entities/sends/use-retryable.ts";
import type { SendControls } from "./use-send-controls.tsx";

/** The buttons of the page of a send. Urgent actions are visible, the others are in a menu. */
export function SendActions({ send, controls }: { send: Send; controls: SendControls }) {
  const busy = controls.turning === send.id;
  const retryable = useRetryable(send) ?? 0;
  const stoppable = mayStop(send.state);
  return (
    <>
      {retryable > 0 && (
        <Button icon={RotateCcw} onClick={() => controls.retry(send)}>
          Retry {formatCount(retryable)} failed
        </Button>
      )}
      {mayWithdraw(send.state) && (
        <Button icon={Undo2} onClick={() => void controls.undo(send)} busy={controls.undoing}>
          Withdraw
        </Button>
      )}
      {mayPause(send.state) && (
        <Button icon={CirclePause} onClick={() => controls.pause(send)} busy={busy}>
          Pause
        </Button>
      )}
      {mayResume(send.state) && (
        <Button tone="primary" icon={CirclePlay} onClick={() => controls.resume(send)} busy={busy}>
          Resume
        </Button>
      )}
      {stoppable && (
        <>
          <Button icon={CircleStop} color="red.fg" onClick={() => controls.stop(send)}>
            Stop
          </Button>
          <ActionMenu
            trigger={<IconButton icon={EllipsisVertical} label="More actions" tone="secondary" tooltip="title" />}
            items={[{ label: "Change schedule…", icon: CalendarClock, onSelect: () => controls.reschedule(send) }]}
          />
        </>
      )}
    </>
  );
}
