/**
 * Runs `act` once more after the run that is under way, however often it was asked for meanwhile. So what is asked for faster than it can
 * be done is done again and again, and the last time after the last change.
 */
export function oneAtATime(act: () => Promise<unknown>): () => void {
  let isRunning = false;
  let again = false;
  const run = async () => {
    do {
      again = false;
      await act().catch(() => undefined);
    } while (again);
    isRunning = false;
  };
  return () => {
    again = true;
    if (isRunning) return;
    isRunning = true;
    void run();
  };
}
