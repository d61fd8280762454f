import { useCallback, useEffect, useRef, useState } from "react";
import type { ContactForecast } from "#contract/forecasts.ts";
import type { Launch } from "#contract/launch-values.ts";
import { api } from "#web/lib/api.ts";
import { isApiError } from "#web/lib/api-error.ts";
import { pauseUntil } from "./long-pause.ts";

type Step = ContactForecast["steps"][number];

/** What became of one message to who tries the flow. */
export type Delivery = { state: "sending" } | { state: "sent" | "failed"; words: string };

export interface TestOnMe {
  phase: "looking" | "sending" | "over";
  way: ContactForecast | null;
  deliveries: Readonly<Record<string, Delivery>>;
  /** Why nothing could be looked at. */
  error: Error | null;
  /** Until when it waits for the next message, on this browser's clock; null where nothing is waited for as long as contacts do. */
  waitsUntil: number | null;
  /** More messages follow than are sent in one test. */
  more: number;
}

/** Every wait takes so many milliseconds at most, unless the waits are kept. */
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
    setTest((known) => known && { ...known, phase: "over", waitsUntil: null });
  }, []);
  useEffect(() => () => running.current?.abort(), []);

  const start = useCallback(async (question: { flowId: string; contactId: string } & Launch, keepsWaits: boolean) => {
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
      await sendEach(asked, messages.slice(0, mostSent), { signal, change, keepsWaits, from: way.steps[0] });
      change(() => ({ phase: "over", waitsUntil: null }));
    } catch (error) {
      change(() => ({ phase: "over", error: error as Error }));
    }
  }, []);
  return { test, start, stop };
}

const nothingYet: TestOnMe = { phase: "looking", way: null, deliveries: {}, error: null, waitsUntil: null, more: 0 };

interface Telling {
  signal: AbortSignal;
  change: (to: (known: TestOnMe) => Partial<TestOnMe>) => void;
  /** Between two messages as much time passes as for a contact. */
  keepsWaits: boolean;
  /** The step with which the flow begins. */
  from: Step | undefined;
}

async function sendEach(
  asked: { flowId: string; contactId: string; sendId: string } & Launch,
  messages: readonly Step[],
  { signal, change, keepsWaits, from }: Telling,
): Promise<void> {
  const begun = Date.now();
  let before: Step | undefined;
  for (const step of messages) {
    const planned = (since: Step | undefined) => (since ? Math.max(0, Date.parse(step.at) - Date.parse(since.at)) : 0);
    const until = keepsWaits ? begun + planned(from) : Date.now() + Math.min(planned(before), longestWaitMs);
    if (keepsWaits && until > Date.now()) change(() => ({ waitsUntil: until }));
    await pauseUntil(until, signal);
    if (signal.aborted) return;
    change(() => ({ waitsUntil: null }));
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
