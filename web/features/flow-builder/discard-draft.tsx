import { Text } from "@chakra-ui/react";
import { useMutation } from "@tanstack/react-query";
import { Ellipsis, Undo } from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { IconButton } from "#ui/icon-button.tsx";
import { ActionMenu } from "#ui/menu.tsx";
import { Notice } from "#ui/notice.tsx";
import { toast } from "#ui/toaster.tsx";
import { api } from "#web/lib/api.ts";
import { contentOf } from "./draft/content.ts";
import type { DraftStore } from "./draft/draft-store.ts";
import { noHistory } from "./draft/history.ts";
import { useDraft } from "./use-draft.ts";

/** Throws the draft away, after a question: what is live is on screen again. */
export function DiscardDraft({ store, beforehand }: { store: DraftStore; beforehand: () => Promise<void> }) {
  const isDraft = useDraft(store, (state) => state.isDraft);
  const [isAsking, setAsking] = useState(false);
  const discard = useMutation({
    mutationFn: async () => {
      await beforehand();
      const { flowId, revision } = store.getState();
      return api("discardFlowDraft", { params: { id: flowId }, query: { revision } });
    },
    onSuccess: (live) => {
      const content = contentOf(live);
      const { revision, isDraft: is, live: mark, liveChanged, problems } = live;
      store.getState().accept({
        ...{ content, saved: content, revision, isDraft: is, live: mark, liveChanged, problems },
        history: noHistory,
        selected: null,
        overlaps: [],
        saving: { state: "saved" },
      });
      setAsking(false);
      toast({ status: "success", title: "The draft was discarded", description: "What is published is on screen again." });
    },
  });
  return (
    <>
      <ActionMenu
        trigger={<IconButton icon={Ellipsis} label="More actions for the draft" tooltip="title" />}
        items={[{ label: "Discard the draft…", icon: Undo, tone: "danger", disabled: !isDraft, onSelect: () => setAsking(true) }]}
      />
      <ConfirmDialog
        open={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => discard.mutate()}
        title="Discard the draft"
        confirmLabel="Discard the draft"
        busy={discard.isPending}
      >
        <Text>
          All changes since the flow was last published go, also those of others. The draft is kept for 30 days and can be restored through
          the API.
        </Text>
        {discard.isError && <Notice status="error">{discard.error.message}</Notice>}
      </ConfirmDialog>
    </>
  );
}
