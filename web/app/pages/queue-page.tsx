import { CirclePause, CirclePlay, CircleStop } from "lucide-react";
import { IconButton } from "#ui/icon-button.tsx";
import { Page } from "#ui/page.tsx";
import { mayPause, mayResume } from "#web/entities/sends/send-state.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { QueueView } from "#web/features/queue/queue-view.tsx";
import { useSendControls } from "#web/features/sends/use-send-controls.tsx";

export function QueuePage() {
  const { workspace, can } = useSession();
  const zone = workspace.timeZone;
  const controls = useSendControls({ zone });
  return (
    <Page title="Queue">
      <QueueView
        zone={zone}
        editable={can("admin")}
        {...(can("editor") && {
          actions: (send) => (
            <>
              {mayPause(send.state) && (
                <IconButton
                  icon={CirclePause}
                  label={`Pause ${send.flowName}`}
                  tooltip="title"
                  size="xs"
                  loading={controls.turning === send.id}
                  onClick={() => controls.pause(send)}
                />
              )}
              {mayResume(send.state) && (
                <IconButton
                  icon={CirclePlay}
                  label={`Resume ${send.flowName}`}
                  tooltip="title"
                  size="xs"
                  loading={controls.turning === send.id}
                  onClick={() => controls.resume(send)}
                />
              )}
              <IconButton
                icon={CircleStop}
                label={`Stop ${send.flowName}…`}
                tooltip="title"
                size="xs"
                tone="danger"
                onClick={() => controls.stop(send)}
              />
            </>
          ),
        })}
      />
      {controls.dialogs}
    </Page>
  );
}
