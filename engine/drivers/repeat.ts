import type { Logger } from "pino";

const longestPauseMs = 5_000;

/**
 * Runs `action` every `everyMs` until stopped, never two at a time. A failure is logged once, and the pause doubles with
 * each failure up to five seconds, because asking four times a second does not help a database that is away.
 */
export function repeat(name: string, everyMs: number, action: () => Promise<void>, log: Logger): { stop(): Promise<void> } {
  let stopped = false;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();

  const schedule = () => {
    if (stopped) return;
    timer = setTimeout(
      () => {
        turn = act().finally(schedule);
      },
      Math.min(everyMs * 2 ** failures, Math.max(everyMs, longestPauseMs)),
    );
  };
  const act = async () => {
    try {
      await action();
      failures = 0;
    } catch (error) {
      failures = Math.min(failures + 1, 10);
      if (failures === 1) log.error({ err: error, loop: name }, "a loop of the engine failed and goes on");
    }
  };
  schedule();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await turn;
    },
  };
}
