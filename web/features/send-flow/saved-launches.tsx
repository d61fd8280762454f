import { Badge, Box, Flex, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark, Pencil, Trash2 } from "lucide-react";
import { Suspense, useState } from "react";
import type { SavedLaunch } from "#contract/saved-launches.ts";
import { Button } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { formatCount, plural } from "#ui/format.ts";
import { IconButton } from "#ui/icon-button.tsx";
import { lazyLater } from "#ui/lazy-later.ts";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { toast } from "#ui/toaster.tsx";
import { contactCountQuery } from "#web/entities/contacts/contact-queries.ts";
import { whomWords } from "#web/entities/contacts/whom-words.ts";
import { refreshSavedLaunches, savedLaunchesQuery } from "#web/entities/launches/saved-launch-queries.ts";
import { api } from "#web/lib/api.ts";
import { Fold } from "./fold.tsx";
import type { Preset } from "./preset.ts";
import { unfitTerms } from "./unfit-terms.ts";

const SaveLaunchDialog = lazyLater(async () => (await import("./save-launch-dialog.tsx")).SaveLaunchDialog);

interface SavedLaunchesProps {
  /** What is chosen in the dialog now. */
  chosen: Parameters<typeof unfitTerms>[1];
  /** The one that the dialog was filled from. */
  preset: Preset | null;
  /** Null: back to the contacts that were chosen. */
  onChoose: (preset: Preset | null) => void;
  disabled: boolean;
}

/** What can be run again, in one line above the choice of the flow. Who has saved nothing sees nothing. */
export function SavedLaunches({ chosen, preset, onChoose, disabled }: SavedLaunchesProps) {
  const saved = useQuery({ ...savedLaunchesQuery, enabled: preset === null });
  const [open, setOpen] = useState(false);
  if (preset !== null) {
    const unfit = unfitTerms(preset, chosen);
    return (
      <Notice status={unfit.length > 0 ? "warning" : "info"} title={`From the saved launch “${preset.launch.name}”`}>
        {[`${plural(preset.audience.total, "contact matches", "contacts match")} it now.`, ...unfit].map((sentence) => (
          <Text key={sentence}>{sentence}</Text>
        ))}
        {/* Beside the text it would leave no room for it on a phone. */}
        <Button size="xs" mt="2" onClick={() => onChoose(null)} disabled={disabled}>
          Back to the contacts I chose
        </Button>
      </Notice>
    );
  }
  if (saved.isError) {
    return (
      <LoadError
        title="Saved launches could not be loaded"
        error={saved.error}
        onRetry={() => void saved.refetch()}
        retrying={saved.isFetching}
      />
    );
  }
  if (!saved.data || saved.data.length === 0) return null;
  return (
    <Fold
      icon={Bookmark}
      title="Saved launches"
      summary={`${formatCount(saved.data.length)} to run again`}
      open={open}
      onOpen={setOpen}
      disabled={disabled}
    >
      <Stack as="ul" gap="0" maxHeight="64" overflowY="auto" aria-label="Saved launches" listStyleType="none">
        {saved.data.map((launch) => (
          <One key={launch.id} launch={launch} onChoose={onChoose} />
        ))}
      </Stack>
    </Fold>
  );
}

function One({ launch, onChoose }: { launch: SavedLaunch; onChoose: SavedLaunchesProps["onChoose"] }) {
  const client = useQueryClient();
  const [editing, setEditing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const { terms } = launch;
  const run = useMutation({
    // The contacts who match are counted now, and are not taken from the last time.
    mutationFn: () => client.fetchQuery({ ...contactCountQuery(terms?.filter ?? { tests: [] }), staleTime: 0 }),
    onSuccess: ({ total }) => {
      if (terms === null) return;
      if (total === 0) {
        toast({ status: "warning", title: "Nobody matches it now", description: `No contact matches the filter of “${launch.name}”.` });
        return;
      }
      const selection = { type: "filter" as const, filter: terms.filter, excluded: [] };
      onChoose({ launch, terms, audience: { selection, total, names: [], words: whoWords(launch) } });
    },
    onError: (error) => toast({ status: "error", title: "The contacts could not be counted", description: error.message }),
  });
  const remove = useMutation({
    mutationFn: () => api("deleteSavedLaunch", { params: { id: launch.id } }),
    onSuccess: async () => {
      setDeleting(false);
      toast({ status: "success", title: `“${launch.name}” was deleted` });
      await refreshSavedLaunches(client);
    },
    onError: (error) => toast({ status: "error", title: "It was not deleted", description: error.message }),
  });
  return (
    <Flex as="li" gap="2" px="3" py="2" align="center" wrap="wrap" justify="flex-end" borderTopWidth="1px" _first={{ borderTopWidth: "0" }}>
      <Box flex="1 1 60%" minW="48" textStyle="sm">
        <Flex gap="2" align="center">
          <Text fontWeight="medium" truncate>
            {launch.name}
          </Text>
          {launch.shared && (
            <Badge size="sm" variant="outline" colorPalette="gray">
              {launch.mayChange ? "Shared" : `Shared by ${launch.madeByName ?? "somebody who left"}`}
            </Badge>
          )}
        </Flex>
        <Text color="fg.muted" textStyle="xs" overflowWrap="anywhere">
          {terms === null ? "It was saved by another version and cannot be read. Delete it." : `${launch.flowName} · ${whoWords(launch)}`}
        </Text>
        <Text color="fg.muted" textStyle="xs">
          <LastResult launch={launch} />
        </Text>
      </Box>
      {launch.mayChange && (
        <>
          <IconButton icon={Pencil} size="xs" label={`Rename or share ${launch.name}`} tooltip="title" onClick={() => setEditing(true)} />
          <IconButton icon={Trash2} size="xs" label={`Delete ${launch.name}`} tooltip="title" onClick={() => setDeleting(true)} />
        </>
      )}
      <Button size="xs" onClick={() => run.mutate()} busy={run.isPending} disabled={terms === null} aria-label={`Use ${launch.name}`}>
        Use
      </Button>
      {editing && (
        <Suspense>
          <SaveLaunchDialog launch={launch} onClose={() => setEditing(false)} />
        </Suspense>
      )}
      <ConfirmDialog
        open={deleting}
        onClose={() => setDeleting(false)}
        onConfirm={() => remove.mutate()}
        title={`Delete “${launch.name}”?`}
        confirmLabel="Delete saved launch"
        busy={remove.isPending}
      >
        What was sent by it stays. {launch.shared && "It is shared, so nobody else can use it any more."}
      </ConfirmDialog>
    </Flex>
  );
}

function LastResult({ launch: { lastSend } }: { launch: SavedLaunch }) {
  if (lastSend === null) return "Not sent yet";
  const { enrolled, total, reached, failed } = lastSend;
  const parts = [
    `${formatCount(enrolled)} of ${plural(total, "contact")}`,
    ...(reached === null ? [] : [`${formatCount(reached)} reached`]),
    ...(failed === 0 ? [] : [`${formatCount(failed)} failed`]),
  ];
  return (
    <>
      Last sent <RelativeTime at={lastSend.createdAt} />: {parts.join(", ")}
    </>
  );
}

const whoWords = ({ terms }: SavedLaunch): string => whomWords(terms?.filter ?? { tests: [] });
