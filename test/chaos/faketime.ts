import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

// Debian's folders by machine, then those of other distributions.
const places = ["x86_64-linux-gnu", "aarch64-linux-gnu", "arm-linux-gnueabihf", "."].flatMap((folder) => [
  `/usr/lib/${folder}/faketime/libfaketime.so.1`,
  `/usr/lib64/${folder}/faketime/libfaketime.so.1`,
]);
const find = () => places.find((path) => existsSync(path));

/**
 * The path of libfaketime. As root on Debian it is installed if it is missing, as the browser tests do with Chromium.
 */
export function findFaketime(): string | undefined {
  const found = find();
  if (found || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return found;
  const script = "apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends libfaketime";
  spawnSync("/bin/sh", ["-c", script], { stdio: "ignore", timeout: 120_000 });
  return find();
}

/** The environment of a process whose clock is this far off. Its timers run as usual; only its time of day is wrong. */
export const skewedBy = (offset: string): Record<string, string> => ({
  LD_PRELOAD: findFaketime() ?? "",
  FAKETIME: offset,
  FAKETIME_DONT_FAKE_MONOTONIC: "1",
});
