/** A browser counts no timer that is longer than 24 days, and a machine that slept is late by as much. */
const longestTimerMs = 3_600_000;

/** Waits until a moment of this browser's clock, or until the signal is given. */
export async function pauseUntil(moment: number, signal: AbortSignal): Promise<void> {
  for (let left = moment - Date.now(); left > 0 && !signal.aborted; left = moment - Date.now()) {
    await pause(Math.min(left, longestTimerMs), signal);
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const leave = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", leave);
      resolve();
    };
    const timer = setTimeout(leave, ms);
    signal.addEventListener("abort", leave);
  });
