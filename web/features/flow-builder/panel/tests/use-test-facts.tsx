import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { FlowNode } from "#contract/flows.ts";
import type { TestFacts } from "#nodes/node-panel.tsx";
import { testSharesQuery, testVerdictsQuery } from "#web/entities/fields/test-queries.ts";
import { useDebounced } from "#web/lib/use-debounced.ts";
import { PreviewChooser } from "../message/preview-chooser.tsx";
import type { PreviewContact } from "../message/use-preview-contact.ts";
import { groupsOf, leadingGroups, placedTests } from "./placed-tests.ts";

/** Milliseconds without a key, after which one contact is judged; and those after which all are counted. */
const soon = 250;
const later = 700;
const mostTests = 400;

/** Nothing is asked of a contact that is made up. */
const madeUp = { contactName: "a made-up contact", newer: null, older: null };

/** How the tests of a step come out today; nothing for steps that have none. */
export function useTestFacts(node: FlowNode, chosen: PreviewContact): TestFacts | undefined {
  const { type, data } = node;
  const given = useMemo(() => {
    const groups = groupsOf(type, data.config);
    return groups && { ...leadingGroups(groups), placed: placedTests(groups).slice(0, mostTests) };
  }, [type, data.config]);
  const counted = useDebounced(given?.groups, later);
  const judged = useDebounced(given?.placed, soon);
  const groups = counted ?? [];
  const shares = useQuery({ ...testSharesQuery(groups), enabled: groups.length > 0 });
  const contactId = chosen.who === "sample" ? "newest" : chosen.who;
  const asked = judged ?? [];
  const isAsked = chosen.who !== "sample" && asked.length > 0;
  const verdicts = useQuery({ ...testVerdictsQuery({ contactId, tests: asked.map(({ test }) => test) }), enabled: isAsked });
  if (!given) return undefined;
  // An answer about other tests than those that stand there now says nothing of them.
  const isNow = counted === given.groups;
  const answer = isNow ? shares.data : undefined;
  const verdictOf = isAsked && judged === given.placed && !verdicts.isPlaceholderData ? verdicts.data?.verdicts : undefined;
  const places = new Map(asked.map(({ place }, index) => [place, verdictOf?.[index]] as const));
  const contact = verdicts.data?.contactId == null || chosen.who === "sample" ? undefined : verdicts.data;
  return {
    shares: { answer, status: answer ? "ready" : isNow && shares.isError ? "error" : "pending" },
    unsetFrom: given.unsetFrom,
    verdictAt: (path) => places.get(path.join(".")),
    contactName: contact && (contact.contactName ?? "No name"),
    chooser: <PreviewChooser chosen={chosen} preview={chosen.who === "sample" ? madeUp : verdicts.data} />,
  };
}
