import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import type { CanaryRequest } from "#contract/canary.ts";
import type { Launch } from "#contract/launch-values.ts";
import { Send } from "#contract/sends.ts";
import type { Narrowing } from "#contract/who-not.ts";
import type { Schedule } from "#web/entities/schedule/schedule-words.ts";
import { sendQuery } from "#web/entities/sends/send-queries.ts";
import { apiUrl } from "#web/lib/api.ts";
import { useEventSource } from "#web/lib/event-source.ts";
import type { Audience } from "./audience.ts";
import { createSend } from "./create-send.ts";
import { furthest, isSettled } from "./send-outcome.ts";

export type AttemptPhase =
  | { name: "ready" }
  /** Pressed. `send` is null until the server has answered. */
  | { name: "sending"; send: Send | null }
  /** Every contact that can be enrolled is enrolled. */
  | { name: "settled"; send: Send };

interface Options {
  audience: Audience;
  launchedFrom: string;
  onSettled: (send: Send) => void;
  onRefused: (error: unknown) => void;
}

const pollEvery = 1000;
/** After this many milliseconds without an event the send is polled: some proxies keep a stream open and hold its events back. */
const patience = 3000;

/**
 * One press is one send. The id of the send is made here, once for each flow while the dialog is open: a second click,
 * or another try after the connection broke, carries the same id and is the same send to the server.
 */
export function useSendAttempt({ audience, launchedFrom, onSettled, onRefused }: Options) {
  const [phase, setPhase] = useState<AttemptPhase>({ name: "ready" });
  const ids = useRef(new Map<string, string>());
  // A second click can come before React has rendered the button as disabled.
  const busy = useRef(false);
  const tell = useRef({ onSettled, onRefused });
  tell.current = { onSettled, onRefused };

  const sending = phase.name === "sending" ? phase.send : null;
  const watched = sending && !isSettled(sending) ? sending.id : null;
  const events = useEventSource(watched ? apiUrl("sendEvents", { params: { id: watched } }) : null, Send, { isLast: isSettled });
  const quiet = useQuiet(events.data, watched !== null);
  const poll = useQuery({
    ...sendQuery(watched ?? ""),
    staleTime: 0,
    enabled: watched !== null && (quiet || events.state === "reconnecting"),
    refetchInterval: pollEvery,
    retry: false,
  });
  const polled = watched !== null && poll.data?.id === watched ? poll.data : null;
  const latest = phase.name === "settled" ? phase.send : furthest(sending, events.data, polled);

  useEffect(() => {
    if (phase.name !== "sending" || latest === null || !isSettled(latest)) return;
    busy.current = false;
    setPhase({ name: "settled", send: latest });
    // Toasts render synchronously, which React refuses during a render.
    queueMicrotask(() => tell.current.onSettled(latest));
  }, [phase, latest]);

  const idOf = useCallback((flowId: string) => {
    const known = ids.current.get(flowId) ?? crypto.randomUUID();
    ids.current.set(flowId, known);
    return known;
  }, []);

  const press = useCallback(
    async (
      flowId: string,
      {
        start,
        drip,
        oncePerAddress,
        narrowing,
        launch,
        notLaterThan,
        forecastId,
        canary,
        savedLaunchId,
      }: Schedule & {
        oncePerAddress: boolean;
        narrowing: Narrowing;
        launch: Launch;
        notLaterThan: string | null;
        forecastId: string | null;
        canary: CanaryRequest | null;
        savedLaunchId: string | undefined;
      },
    ) => {
      if (busy.current) return;
      busy.current = true;
      setPhase({ name: "sending", send: null });
      const sendId = idOf(flowId);
      try {
        const { selection, total } = audience;
        const send = await createSend({
          sendId,
          flowId,
          selection,
          expectedTotal: total,
          launchedFrom,
          oncePerAddress,
          ...narrowing,
          ...launch,
          ...(start && { start }),
          ...(drip && { drip }),
          ...(notLaterThan !== null && { notLaterThan }),
          ...(forecastId !== null && { forecastId }),
          ...(canary !== null && { canary }),
          ...(savedLaunchId !== undefined && { savedLaunchId }),
        });
        setPhase({ name: "sending", send });
      } catch (error) {
        busy.current = false;
        setPhase({ name: "ready" });
        tell.current.onRefused(error);
      }
    },
    [audience, launchedFrom, idOf],
  );

  return {
    phase,
    /** The id that a send of this flow has, or would have. */
    idOf,
    latest,
    press,
    /** The server has the send, but its progress cannot be read. */
    lost: watched !== null && events.state === "reconnecting" && poll.isError,
  };
}

/** Whether no event arrived for longer than `patience`. */
function useQuiet(news: unknown, listening: boolean): boolean {
  const [quiet, setQuiet] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every piece of news begins the wait anew.
  useEffect(() => {
    setQuiet(false);
    if (!listening) return;
    const timer = setTimeout(() => setQuiet(true), patience);
    return () => clearTimeout(timer);
  }, [news, listening]);
  return quiet;
}
