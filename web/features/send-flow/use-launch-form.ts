import { useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import type { FlowNode } from "#contract/flows.ts";
import type { Launch } from "#contract/launch-values.ts";
import { flowQuery, flowsQuery } from "#web/entities/flows/flow-queries.ts";
import { readDraft } from "#web/entities/schedule/schedule-draft.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import type { ApiOutput } from "#web/lib/api.ts";
import { serverNow } from "#web/lib/server-clock.ts";
import { useDebounced } from "#web/lib/use-debounced.ts";
import type { Audience } from "./audience.ts";
import { problemOfEnd, type TypedEnd } from "./not-later-than.tsx";
import { beginningOf, type Preset, termsOf } from "./preset.ts";
import { readCanary, type TypedCanary } from "./typed-canary.ts";

/** The time after the last letter until what was typed is counted. */
const typingPauseMs = 400;

interface LaunchFormProps {
  /** Whether the dialog is open. A closed one asks the server nothing. */
  open: boolean;
  audience: Audience;
  preset: Preset | null;
}

export type LaunchForm = ReturnType<typeof useLaunchForm>;

/** Holds what a person chooses in the Send Flow dialog, and derives from it what is previewed, forecast and sent. */
export function useLaunchForm({ open, audience, preset }: LaunchFormProps) {
  const { workspace } = useSession();
  const zone = workspace.timeZone;
  const now = serverNow();
  const [begun] = useState(() => beginningOf(preset, now, zone));
  const [flowId, setFlowId] = useState(begun.flowId);
  const [draft, setDraft] = useState(begun.draft);
  const [whenOpen, setWhenOpen] = useState(false);
  const [oncePerAddress, setOncePerAddress] = useState(begun.oncePerAddress);
  const [end, setEnd] = useState<TypedEnd>(begun.end);
  const [canary, setCanary] = useState<TypedCanary | null>(begun.canary);
  const [whoNot, setWhoNot] = useState(begun.whoNot);
  const [whoNotOpen, setWhoNotOpen] = useState(false);
  /** What was typed for each flow, so that nothing is lost where another one is looked at. */
  const [typedValues, setTypedValues] = useState(begun.typedValues);
  const [given, setGiven] = useState<{ flowId: string; launch: Launch | null } | null>(null);

  const { schedule, problems } = readDraft(draft, now, zone);
  const startsAt = schedule?.start?.zone === "workspace" ? schedule.start.at : undefined;
  const canaryAsked = readCanary(canary);
  const endProblem = problemOfEnd(end, { now, zone, startsAt });
  // The dialog shows a failure in place with a button; silent retries would only keep the person waiting.
  const flows = useQuery({ ...flowsQuery, enabled: open, staleTime: 0, retry: false, select: sendableFlows });
  const flow = flows.data?.find(({ id }) => id === flowId) ?? null;
  // The steps are read for the preview of the flow all the same.
  const { data: graph } = useQuery({ ...flowQuery(flowId ?? ""), enabled: open && flow !== null });
  /** The steps of the flow where its start asks for values. */
  const askingNodes = graph?.id === flowId && graph && asksForValues(graph.nodes) ? graph.nodes : null;
  const launch = askingNodes === null ? nothingGiven : given?.flowId === flowId ? given.launch : null;
  const launchSettled = useDebounced(launch, typingPauseMs);
  const { narrowing } = whoNot;
  const typed = useDebounced(narrowing, typingPauseMs);
  const asked = narrowing && typed;
  const readLaunch = useCallback((read: Launch | null) => setGiven(flowId === null ? null : { flowId, launch: read }), [flowId]);

  const entered = { draft, oncePerAddress, end, canary, whoNot, typedValues };
  const isTyped = Object.entries(entered).some(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(begun[name as keyof typeof entered]),
  );

  return {
    zone,
    now,
    /** Whether more than a flow was chosen, so that closing loses work. */
    isTyped,
    flows,
    flow,
    flowId,
    setFlowId,
    when: { draft, setDraft, schedule, problems, open: whenOpen, setOpen: setWhenOpen },
    notLaterThan: { end, setEnd, problem: endProblem },
    /** The few with whom it begins, as typed and as asked for; null where all begin at once. */
    canary: { value: canary, asked: canaryAsked, set: setCanary },
    whoNot: { value: whoNot, set: setWhoNot, open: whoNotOpen, setOpen: setWhoNotOpen, narrowing },
    oncePerAddress,
    setOncePerAddress,
    /** The steps of the flow, once they are read. */
    nodes: graph?.id === flowId ? graph?.nodes : undefined,
    values: { askingNodes, typed: typedValues, setTyped: setTypedValues, readLaunch },
    /** Null: what was typed cannot be sent. */
    launch,
    /** What is forecast: the schedule, and who not and the values once their typing has come to rest. */
    settled: {
      schedule: endProblem === undefined && asked !== null ? schedule : null,
      narrowing: asked,
      launch: askingNodes ? launchSettled : nothingGiven,
    },
    /** What the counts before the send are asked with. */
    previewed: (ofFlow: string) => ({ flowId: ofFlow, selection: audience.selection, oncePerAddress, ...asked }),
    isReady:
      flow?.canStart === true &&
      schedule !== null &&
      endProblem === undefined &&
      canaryAsked !== undefined &&
      narrowing !== null &&
      launch !== null,
    terms:
      narrowing && launch && canaryAsked !== undefined
        ? termsOf({ audience, draft, drip: schedule?.drip ?? null, end, canary: canaryAsked, oncePerAddress, narrowing, launch }, now, zone)
        : null,
  };
}

/** The values of a flow that asks for none. */
export const nothingGiven: Launch = {};

/** Whether the start of a flow asks for something. What it asks is read where the form is drawn. */
const asksForValues = (nodes: readonly FlowNode[]): boolean =>
  nodes.some(({ type, data }) => type === "start" && Array.isArray(data.config?.inputs) && data.config.inputs.length > 0);

/** An empty flow cannot be sent. */
const sendableFlows = ({ items }: ApiOutput<"listFlows">) => items.filter((flow) => flow.stepCount > 0);
