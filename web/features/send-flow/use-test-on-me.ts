import { useCallback, useEffect, useRef, useState } from "react";
import type { ContactForecast } from "#contract/forecasts.ts";
import type { Launch } from "#contract/launch-values.ts";
import { api } from "#web/lib/api.ts";
import { isApiError } from "#web/lib/api-error.ts";

type Step = ContactForecast["steps"][number];

/** What became of one message to who tries the flow. */
export type Delivery = { state: "sending" } | { state: "sent" | "failed"; words: string };

export interface TestOnMe {
  phase: "looking" | "sending" | "over";
  way: ContactForecast | null;
  deliveries: Readonly<Record<string, Delivery>>;
  /** Why nothing could be looked at. */
  error: Error | null;
  /** More messages follow than are sent in one test. */
  more: number;
}

/** Every wait takes so many milliseconds at most. */
export const longestWaitMs = 3_000;
/** So many messages are sent in one test. */
export const mostSent = 10;

export const keyOf = ({ nodeId, visit }: Pick<Step, "nodeId" | "visit">): string => `${visit} ${nodeId}`;

/**
 * Tries a flow on who is signed in: walks it for a contact, and sends each message that the contact would get to them, one after the other.
 * It ends with what shows it: a test that nobody looks at sends nothing.
 */
export function useTestOnMe() {
  const [test, setTest] = useState<TestOnMe | null>(null);
  const running = useRef<AbortController | null>(null);
  const stop = useCallback(() => {
    running.current?.abort();
    setTest((known) => known && { ...known, phase: "over" });
  }, []);
  useEffect(() => () => running.current?.abort(), []);

  const start = useCallback(async (question: { flowId: string; contactId: string } & Launch) => {
    running.current?.abort();
    const control = new AbortController();
    const { signal } = control;
    running.current = control;
    const change = (to: (known: TestOnMe) => Partial<TestOnMe>) => {
      if (!signal.aborted) setTest((known) => ({ ...(known ?? nothingYet), ...to(known ?? nothingYet) }));
    };
    setTest(nothingYet);
    // With one id for all of them, what is drawn by chance is drawn the same each time.
    const asked = { ...question, sendId: crypto.randomUUID() };
    try {
      const way = await api("forecastContact", { body: { ...asked, asTest: true }, signal });
      const messages = way.steps.filter(({ message }) => message !== null);
      change(() => ({ phase: "sending", way, more: Math.max(0, messages.length - mostSent) }));
      await sendEach(asked, messages.slice(0, mostSent), { signal, change });
      change(() => ({ phase: "over" }));
    } catch (error) {
      change(() => ({ phase: "over", error: error as Error }));
    }
  }, []);
  return { test, start, stop };
}

const nothingYet: TestOnMe = { phase: "looking", way: null, deliveries: {}, error: null, more: 0 };

interface Telling {
  signal: AbortSignal;
  change: (to: (known: TestOnMe) => Partial<TestOnMe>) => void;
}

async function sendEach(
  asked: { flowId: string; contactId: string; sendId: string } & Launch,
  messages: readonly Step[],
  { signal, change }: Telling,
): Promise<void> {
  let before: Step | undefined;
  for (const step of messages) {
    await pause(before ? Date.parse(step.at) - Date.parse(before.at) : 0, signal);
    if (signal.aborted) return;
    const tell = (delivery: Delivery) => change(({ deliveries }) => ({ deliveries: { ...deliveries, [keyOf(step)]: delivery } }));
    tell({ state: "sending" });
    try {
      const { nodeId, visit } = step;
      const { message } = await api("sendFlowToMe", { body: { ...asked, nodeId, visit } });
      tell({ state: "sent", words: message });
    } catch (error) {
      tell({ state: "failed", words: error instanceof Error ? error.message : "Something went wrong." });
      // The next ones would be refused for the same reason.
      if (isApiError(error, "too_many_requests")) return;
    }
    before = step;
  }
}

const pause = (planned: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (planned <= 0 || signal.aborted) return resolve();
    const timer = setTimeout(resolve, Math.min(planned, longestWaitMs));
    const leave = () => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener("abort", leave, { once: true });
  });
