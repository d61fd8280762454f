import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A machine of its own as far as the network goes. It reaches `gateway` on this side, and nothing else. */
export interface Host {
  /** The words to put before a command so that it runs on this host. The command becomes the process. */
  through: string[];
  /** The host's own address. */
  address: string;
  /**
   * This side's address, the only one that the host can reach. There it is called `localhost`, the name in the test
   * certificates.
   */
  gateway: string;
}

/** Why there can be no hosts; undefined if there can. */
export function whyNoHosts(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "network namespaces need root on Linux";
  const name = `sluice-${process.pid}-try`;
  const made = ip("netns", "add", name);
  if (made === undefined) ip("netns", "delete", name);
  return made === undefined ? undefined : `network namespaces cannot be made here (Debian: iproute2): ${made}`;
}

/**
 * Creates so many hosts, each on a link of its own to this machine. They are removed afterwards in every case, also
 * when this process is told to end in the middle. There is no route from them to anywhere else.
 */
export async function withHosts<T>(count: number, work: (hosts: Host[]) => Promise<T>): Promise<T> {
  const names = Array.from({ length: count }, (_, index) => `sluice-${process.pid}-${index}`);
  const remove = () => {
    // The host's end of the link goes with its namespace, and our end goes with it.
    for (const name of names) {
      ip("netns", "delete", name);
      rmSync(namesOf(name), { recursive: true, force: true });
    }
  };
  process.once("exit", remove);
  const end = () => process.exit(130);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);
  try {
    return await work(names.map(makeHost));
  } finally {
    remove();
    process.off("exit", remove);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, end);
  }
}

/** The folder that `ip netns exec` puts in the place of /etc. */
const namesOf = (name: string): string => join("/etc/netns", name);

function makeHost(name: string, index: number): Host {
  const [ours, theirs] = [`sl${process.pid % 100_000}a${index}`, `sl${process.pid % 100_000}b${index}`];
  // The addresses are of a private network, because the ranges for documentation are refused as addresses of a mail
  // server.
  const [gateway, address] = [`10.255.77.${index * 4 + 1}`, `10.255.77.${index * 4 + 2}`];
  must("netns", "add", name);
  must("link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", name);
  must("address", "add", `${gateway}/30`, "dev", ours);
  must("link", "set", ours, "up");
  must("-n", name, "address", "add", `${address}/30`, "dev", theirs);
  must("-n", name, "link", "set", theirs, "up");
  must("-n", name, "link", "set", "lo", "up");
  mkdirSync(namesOf(name), { recursive: true });
  writeFileSync(join(namesOf(name), "hosts"), `${gateway} localhost\n`);
  return { through: ["ip", "netns", "exec", name], address, gateway };
}

function must(...args: string[]): void {
  const problem = ip(...args);
  if (problem !== undefined) throw new Error(`ip ${args.join(" ")}: ${problem}`);
}

/** Returns undefined if the command worked. */
function ip(...args: string[]): string | undefined {
  const { status, stderr, error } = spawnSync("ip", args, { encoding: "utf8" });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}
