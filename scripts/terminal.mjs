// The output and the end of the launcher. This is plain JavaScript without dependencies: it runs before anything is
// installed, on whatever Node (>= 20) the machine has.

/** A problem that the person at the terminal can solve. It is printed as one sentence without a stack. */
export class Problem extends Error {}

export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** Prints that something begins that takes a while, and then how long it took. */
export async function task(text, fn) {
  process.stdout.write(`${text} ... `);
  const start = Date.now();
  try {
    const result = await fn();
    process.stdout.write(`${((Date.now() - start) / 1000).toFixed(1)} s\n`);
    return result;
  } catch (error) {
    process.stdout.write("failed\n");
    throw error;
  }
}

/** Runs a script's main function. Its result is the exit code. */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`${error instanceof Problem ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}
