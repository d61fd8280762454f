export interface StopSignals {
  /** Resolves when somebody asks us to stop. */
  stop: Promise<string>;
  /** Resolves when somebody asks a second time: no more waiting for work in progress. */
  hurry: Promise<string>;
}

/**
 * One Ctrl-C reaches this process up to three times: from the terminal, which tells the whole process group, from the
 * launcher and through it from npm, which both pass on what they get. So what comes within this time is the same press.
 */
const samePress = 500;

/**
 * Listens for every way of being told to stop. That includes the end of the launcher: killed the hard way it cannot
 * tell us, but the channel between us closes, and a server nobody can see must not go on by itself.
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
