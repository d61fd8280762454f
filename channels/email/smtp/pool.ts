import { SmtpFailure, type SmtpSession } from "./connection.ts";

export interface SmtpPoolOptions {
  open(signal: AbortSignal): Promise<SmtpSession>;
  connections: number;
  /** Servers end a session after some messages. Ending it first avoids a message whose outcome is unknown. */
  messagesPerConnection: number;
  /** How long a connection may stay idle, in milliseconds. */
  rest: number;
}

export interface SmtpPool {
  /** Lends a session for one message. Rejects when the signal aborts while it waits, or when opening fails. */
  withSession<T>(signal: AbortSignal, use: (session: SmtpSession, reused: boolean) => Promise<T>): Promise<T>;
  /**
   * Closes idle connections and waits for messages under way. A caller that still holds the pool may go on using it:
   * settings may change in the middle of a long send, whose remaining messages must not fail. No connection is kept then.
   */
  close(): Promise<void>;
}

/**
 * The library has a pool of its own, which is not used: it puts a message whose connection broke back into its queue and
 * sends it again, even when the connection broke after the last byte. The message would arrive twice.
 */
export function createSmtpPool({ open, connections, messagesPerConnection, rest }: SmtpPoolOptions): SmtpPool {
  const resting: { session: SmtpSession; timer: NodeJS.Timeout }[] = [];
  const waiting: (() => void)[] = [];
  let lent = 0;
  let closing = false;
  let onEmpty: (() => void) | undefined;

  return {
    async withSession(signal, use) {
      if (lent >= connections) await turn(signal);
      else lent += 1;
      let session: SmtpSession | undefined;
      try {
        const rested = takeRested();
        session = rested ?? (await open(signal));
        return await use(session, rested !== undefined);
      } finally {
        giveBack(session);
      }
    },

    async close() {
      closing = true;
      for (const { session, timer } of resting.splice(0)) {
        clearTimeout(timer);
        session.close();
      }
      if (lent > 0) await new Promise<void>((resolve) => (onEmpty = resolve));
    },
  };

  /** Waits until another message finishes and takes its place, so `lent` does not change. */
  function turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const onTurn = () => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      };
      const giveUp = () => reject(new SmtpFailure("connect", false, new Error("No connection to the mail server was free in time")));
      const onAbort = () => {
        waiting.splice(waiting.indexOf(onTurn), 1);
        giveUp();
      };
      if (signal.aborted) return giveUp();
      signal.addEventListener("abort", onAbort, { once: true });
      waiting.push(onTurn);
    });
  }

  /** Takes the session that was used last. The others stay idle and are closed in time, so the pool shrinks. */
  function takeRested(): SmtpSession | undefined {
    for (let last = resting.pop(); last; last = resting.pop()) {
      clearTimeout(last.timer);
      if (last.session.alive()) return last.session;
    }
    return undefined;
  }

  function giveBack(session: SmtpSession | undefined): void {
    if (session?.alive()) {
      if (session.sent >= messagesPerConnection || (closing && waiting.length === 0)) session.close();
      else resting.push({ session, timer: setTimeout(() => retire(session), rest) });
    }
    const next = waiting.shift();
    if (next) next();
    else lent -= 1;
    if (closing && lent === 0) onEmpty?.();
  }

  function retire(session: SmtpSession): void {
    const index = resting.findIndex((entry) => entry.session === session);
    if (index !== -1) resting.splice(index, 1);
    session.close();
  }
}
