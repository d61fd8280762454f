import { Flex, Stack, Text } from "@chakra-ui/react";
import type { FlowEdge, FlowNode } from "#contract/flows.ts";
import { Button } from "#ui/button.tsx";
import type { DraftContent } from "./draft/content.ts";
import type { DraftStore } from "./draft/draft-store.ts";
import type { Overlap } from "./draft/merge-drafts.ts";
import { useDraft } from "./use-draft.ts";

/** What somebody else changed differently at the same time, with the choice whose is kept. Mine is kept until then. */
export function Overlaps({ store, nameOf }: { store: DraftStore; nameOf: (nodeId: string) => string }) {
  const overlaps = useDraft(store, (state) => state.overlaps);
  if (overlaps.length === 0) return null;
  const close = (overlap: Overlap) => store.getState().accept({ overlaps: overlaps.filter((one) => one !== overlap) });
  const takeTheirs = (overlap: Overlap) => {
    store.getState().edit("take the other change", (draft) => putTheirs(draft, overlap));
    close(overlap);
  };
  return (
    <Stack gap="2" px={{ base: "3", md: "6" }} py="3" bg="bg.warning" role="alert">
      {overlaps.map((overlap) => (
        <Flex key={`${overlap.kind} ${overlap.id}`} align="center" gap="3" wrap="wrap">
          <Text textStyle="sm" flex="1" minW="12rem">
            {wordsOf(overlap, nameOf)}
          </Text>
          <Button size="xs" onClick={() => close(overlap)}>
            Keep mine
          </Button>
          <Button size="xs" onClick={() => takeTheirs(overlap)}>
            Take theirs
          </Button>
        </Flex>
      ))}
    </Stack>
  );
}

function wordsOf({ kind, id, theirs }: Overlap, nameOf: (nodeId: string) => string): string {
  const what = { name: "the name of the flow", setting: `the setting ${id}`, node: `“${nameOf(id)}”`, edge: "where a step leads" }[kind];
  return theirs === undefined
    ? `Somebody else has deleted ${what}, which you changed.`
    : `Somebody else has changed ${what} at the same time.`;
}

function putTheirs(draft: DraftContent, { kind, id, theirs }: Overlap): void {
  if (kind === "name") draft.name = String(theirs);
  else if (kind === "setting") {
    if (theirs === undefined) delete draft.settings[id];
    else draft.settings[id] = theirs;
  } else if (kind === "node") draft.nodes = replaced(draft.nodes, id, theirs as FlowNode | undefined);
  else draft.edges = replaced(draft.edges, id, theirs as FlowEdge | undefined);
}

const replaced = <Item extends { id: string }>(list: readonly Item[], id: string, item: Item | undefined): Item[] => {
  const others = list.filter((one) => one.id !== id);
  return item === undefined ? others : [...others, item];
};
