import { Box, Flex, Stack, Text } from "@chakra-ui/react";
import type { FlowEdge, FlowNode } from "#contract/flows.ts";
import { diffFlows, type FlowContent } from "#nodes/diff-flows.ts";
import { Button } from "#ui/button.tsx";
import { isolated } from "#ui/format.ts";
import { ChangeList } from "./changes/change-list.tsx";
import { changeWords, type ToldChange } from "./changes/change-words.ts";
import type { DraftContent } from "./draft/content.ts";
import type { DraftStore } from "./draft/draft-store.ts";
import type { Overlap } from "./draft/merge-drafts.ts";
import { valueAt } from "./draft/resting.ts";
import { useDraft } from "./use-draft.ts";

interface OverlapsProps {
  store: DraftStore;
  nameOf: (nodeId: string) => string;
  /** The name of who looks: what they saved in another window of theirs was not saved by somebody else. */
  me: string;
}

/**
 * What was saved differently elsewhere at the same time, with both sides and the choice whose is kept. Until then mine is on
 * screen and theirs is what the draft has.
 */
export function Overlaps({ store, nameOf, me }: OverlapsProps) {
  const told = useDraft(store, (state) => state.overlaps);
  const content = useDraft(store, (state) => state.content);
  const { nodes } = content;
  if (told.length === 0) return null;
  // One may type on before one chooses.
  const overlaps = told.map((overlap) => ({ ...overlap, mine: overlap.mine === undefined ? undefined : valueAt(content, overlap) }));
  const close = ({ kind, id }: Overlap) =>
    store.getState().accept({ overlaps: store.getState().overlaps.filter((one) => one.kind !== kind || one.id !== id) });
  const take = (overlap: Overlap, value: unknown, label: string) => {
    store.getState().edit(label, (draft) => put(draft, overlap, value));
    close(overlap);
  };
  return (
    <Stack gap="3" px={{ base: "3", md: "6" }} py="3" bg="bg.warning" role="alert" maxH="50%" overflowY="auto" flexShrink={0}>
      {overlaps.map((overlap) => {
        const changes = differences(overlap, nodes);
        const { mine, theirs } = overlap;
        const isOwn = overlap.by === me;
        return (
          <Flex key={`${overlap.kind} ${overlap.id}`} align="flex-start" gap="3" rowGap="2" wrap="wrap">
            <Box flex="1" minW="12rem">
              <Text textStyle="sm">{wordsOf(overlap, nameOf, me)}</Text>
              {changes.length > 0 && (
                <>
                  <Text textStyle="xs" color="fg.muted" mt="1">
                    {isOwn ? "There, compared with here:" : "Theirs, compared with yours:"}
                  </Text>
                  <ChangeList changes={changes} />
                </>
              )}
            </Box>
            <Flex gap="2">
              <Button size="xs" onClick={() => (mine === undefined ? take(overlap, undefined, "delete all the same") : close(overlap))}>
                {mine === undefined ? "Delete it" : theirs === undefined ? "Keep it" : isOwn ? "Keep what is here" : "Keep mine"}
              </Button>
              <Button size="xs" onClick={() => take(overlap, theirs, "take the other change")}>
                {mine === undefined ? "Keep it" : theirs === undefined ? "Delete it" : isOwn ? "Take what is there" : "Take theirs"}
              </Button>
            </Flex>
          </Flex>
        );
      })}
    </Stack>
  );
}

/** What two editors changed, in the words of a sentence. */
export function placeWords({ kind, id }: Pick<Overlap, "kind" | "id">, nameOf: (nodeId: string) => string): string {
  return { name: "the name of the flow", setting: `the setting ${id}`, node: `“${nameOf(id)}”`, edge: "where a step leads" }[kind];
}

function wordsOf({ mine, theirs, by, ...place }: Overlap, nameOf: (nodeId: string) => string, me: string): string {
  const what = placeWords(place, nameOf);
  const isMe = by === me;
  const who = isMe ? "You have" : `${by ? isolated(by) : "Somebody else"} has`;
  const where = isMe ? " in another window" : "";
  if (theirs === undefined) return `${who} deleted ${what}${where}, which you changed${isMe ? " here" : ""}.`;
  if (mine === undefined) return `${who} changed ${what}${where}, which you deleted${isMe ? " here" : ""}. It has come back.`;
  return `${who} changed ${what}${where} at the same time.`;
}

/** In what theirs differs from mine, a sentence each; nothing where one of them took it away, which is said already. */
function differences({ kind, id, mine, theirs }: Overlap, nodes: readonly FlowNode[]): ToldChange[] {
  if (mine === undefined || theirs === undefined) return [];
  const [my, their] = [mine, theirs].map(
    (value): FlowContent => ({
      name: kind === "name" ? String(value) : "",
      settings: kind === "setting" ? { [id]: value } : {},
      nodes: kind === "node" ? [value as FlowNode] : [],
      edges: kind === "edge" ? [value as FlowEdge] : [],
    }),
  ) as [FlowContent, FlowContent];
  return changeWords(diffFlows(my, their), nodes, their.nodes);
}

/** A step that goes takes the lines to it and from it along. */
function put(draft: DraftContent, { kind, id }: Overlap, value: unknown): void {
  if (kind === "name") draft.name = String(value);
  else if (kind === "setting") {
    if (value === undefined) delete draft.settings[id];
    else draft.settings[id] = value;
  } else if (kind === "edge") draft.edges = replaced(draft.edges, id, value as FlowEdge | undefined);
  else {
    draft.nodes = replaced(draft.nodes, id, value as FlowNode | undefined);
    if (value === undefined) draft.edges = draft.edges.filter(({ source, target }) => source !== id && target !== id);
  }
}

const replaced = <Item extends { id: string }>(list: readonly Item[], id: string, item: Item | undefined): Item[] => {
  const others = list.filter((one) => one.id !== id);
  return item === undefined ? others : [...others, item];
};
