import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo } from "react";
import type { Contact } from "#contract/contacts.ts";
import { namesSetBy } from "#nodes/graph/check-fields.ts";
import { checkNodes } from "#nodes/graph/check-nodes.ts";
import { namesOnWays } from "#nodes/graph/names-on-ways.ts";
import type { MergeFields } from "#ui/merge-fields/merge-fields.ts";
import { fieldsQuery } from "#web/entities/fields/field-queries.ts";
import type { DraftStore } from "../draft/draft-store.ts";
import { nameIn } from "../outline/step-name.ts";
import { useDraft } from "../use-draft.ts";
import { countedWords, fieldOptions, finderOf, suggesterOf } from "./field-options.ts";

/** The fields that a text of a step may hold: of contacts, of what starts the flow, and what steps before it set. */
export function useMergeFields(store: DraftStore, nodeId: string, contact: Contact | undefined): MergeFields {
  const { data: catalogue, isPending, isError, refetch } = useQuery(fieldsQuery(store.getState().flowId));
  const now = useDraft(store, ({ content }) => content);
  // The ways are looked at when nobody waits for a key to be drawn.
  const content = useDeferredValue(now);
  const graph = useMemo(() => {
    const known = namesSetBy([...checkNodes([...content.nodes], () => {}).values()]);
    return { known, names: namesOnWays(content, nodeId), nameOf: (id: string) => nameIn(content, id) };
  }, [content, nodeId]);
  return useMemo(() => {
    const options = fieldOptions({ catalogue, contact, ...graph });
    const counted = catalogue && countedWords(catalogue);
    return {
      options,
      status: catalogue ? "ready" : isError ? "error" : isPending ? "pending" : "ready",
      retry: () => void refetch(),
      find: finderOf(options),
      // Before the custom fields are known, none of them can be told from a slip.
      suggest: catalogue ? suggesterOf(options, graph.known) : () => undefined,
      ...(counted !== undefined && { counted }),
    };
  }, [catalogue, contact, graph, isError, isPending, refetch]);
}
