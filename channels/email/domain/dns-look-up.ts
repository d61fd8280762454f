import { Resolver } from "node:dns/promises";

/** The answer of DNS about a name. `failed`: it did not answer, which says nothing about the name. */
export type DnsAnswer<T> = { outcome: "found"; values: T[] } | { outcome: "missing" } | { outcome: "failed" };

export interface DnsLookUp {
  txt(name: string): Promise<DnsAnswer<string>>;
  mx(name: string): Promise<DnsAnswer<{ exchange: string; priority: number }>>;
  a(name: string): Promise<DnsAnswer<string>>;
}

export interface DnsOptions {
  /** Default: those of this machine. */
  servers?: readonly string[];
  timeoutMs?: number;
  tries?: number;
}

/** Milliseconds and questions of one check. The owner of the domain chooses what its records lead to. */
const longestCheckMs = 15_000;
const mostQuestions = 60;
const longestAnswer = 8_000;

/** Asks DNS for one check: no longer and no more often than it may, and never twice for the same. A question beyond that has failed. */
export function openDnsLookUp({ servers, timeoutMs = 3_000, tries = 2 }: DnsOptions = {}): DnsLookUp & { close(): void } {
  const resolver = new Resolver({ timeout: timeoutMs, tries });
  if (servers) resolver.setServers(servers);
  const asked = new Map<string, Promise<DnsAnswer<unknown>>>();
  const timer = setTimeout(() => resolver.cancel(), longestCheckMs);
  const until = performance.now() + longestCheckMs;

  function ask<T>(kind: string, name: string, act: () => Promise<T[]>): Promise<DnsAnswer<T>> {
    const key = `${kind} ${name.toLowerCase()}`;
    const known = asked.get(key);
    if (known) return known as Promise<DnsAnswer<T>>;
    const answer =
      asked.size >= mostQuestions || performance.now() > until || !isName(name)
        ? Promise.resolve({ outcome: "failed" as const })
        : answerOf(act);
    asked.set(key, answer);
    return answer;
  }

  return {
    txt: (name) => ask("TXT", name, async () => (await resolver.resolveTxt(name)).map((parts) => parts.join("").slice(0, longestAnswer))),
    mx: (name) => ask("MX", name, () => resolver.resolveMx(name)),
    a: (name) => ask("A", name, () => resolver.resolve4(name)),
    close() {
      clearTimeout(timer);
      resolver.cancel();
    },
  };
}

/** A name has labels of up to 63 characters; one with an underscore is usual in DNS. */
const isName = (name: string): boolean =>
  name.length <= 253 && /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}$/i.test(name);

async function answerOf<T>(act: () => Promise<T[]>): Promise<DnsAnswer<T>> {
  try {
    const values = await act();
    return values.length === 0 ? { outcome: "missing" } : { outcome: "found", values };
  } catch (error) {
    const { code } = error as { code?: string };
    return code === "ENOTFOUND" || code === "ENODATA" ? { outcome: "missing" } : { outcome: "failed" };
  }
}
