export interface StopSignals {
  /** Resolves at the first request to stop. */
  stop: Promise<string>;
  /** Resolves at the second request to stop: work in progress is not waited for any more. */
  hurry: Promise<string>;
}

/**
 * One Ctrl-C reaches this process up to three times: from the terminal, which signals the whole process group, from the
 * launcher, and from the launcher through npm; both pass on the signals they get. All signals within this time
 * therefore count as one press.
 */
const samePress = 500;

/**
 * Listens for every kind of request to stop. The end of the launcher is one of them: a launcher that was killed hard
 * cannot signal, but the channel between the two processes closes, and a server that nobody can see must not go on
 * running.
 */
export function listenForStop(): StopSignals {
  const stop = Promise.withResolvers<string>();
  const hurry = Promise.withResolvers<string>();
  let first: number | undefined;

  const ask = (reason: string) => {
    const now = performance.now();
    first ??= now;
    stop.resolve(reason);
    if (now - first > samePress) hurry.resolve(reason);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => ask(signal));
  if (process.connected) process.once("disconnect", () => ask("the launcher has ended"));
  return { stop: stop.promise, hurry: hurry.promise };
}
