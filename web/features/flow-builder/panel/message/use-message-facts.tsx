import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import type { FlowNode } from "#contract/flows.ts";
import { findDefinition } from "#nodes/definitions.ts";
import type { MessageFacts } from "#nodes/node-panel.tsx";
import { messageSurveyQuery, writtenMessageQuery } from "#web/entities/messages/message-queries.ts";
import { isApiError } from "#web/lib/api-error.ts";
import { useDebounced } from "#web/lib/use-debounced.ts";
import { MessageView } from "./message-view.tsx";
import { PreviewChooser } from "./preview-chooser.tsx";
import { SendToMe } from "./send-to-me.tsx";
import type { PreviewContact } from "./use-preview-contact.ts";

/** Milliseconds without a key, after which the message is filled in; and those after which many are. */
const soon = 250;
const later = 1_200;

/** What the server makes of the message of a step, as it is typed; nothing for steps that send none. */
export function useMessageFacts(flowId: string, node: FlowNode, chosen: PreviewContact): MessageFacts | undefined {
  const channel = findDefinition(node.type)?.channel;
  const sends = channel !== undefined;
  const { id, type, data } = node;
  const message = useMemo(
    () => ({ flowId, node: { id, type, position: { x: 0, y: 0 }, data: { config: data.config ?? {} } } }),
    [flowId, id, type, data.config],
  );
  const preview = useQuery({ ...writtenMessageQuery(useDebounced(message, soon), chosen.who), enabled: sends });
  const survey = useQuery({ ...messageSurveyQuery(useDebounced(message, later)), enabled: sends });
  const isGone = isApiError(preview.error) && preview.error.code === "contact_not_found";
  const { choose } = chosen;
  useEffect(() => {
    if (isGone) choose("newest");
  }, [isGone, choose]);
  if (!sends) return undefined;
  const chooser = <PreviewChooser chosen={chosen} preview={preview.data} survey={survey.data} />;
  const toMe = (
    <SendToMe
      channel={channel}
      message={message}
      who={chosen.who}
      name={preview.data?.contactName ?? "this contact"}
      disabled={!preview.data?.message || preview.error !== null}
    />
  );
  return {
    preview: preview.data,
    survey: survey.data,
    view: <MessageView {...{ chooser, preview, node, toMe }} />,
  };
}
