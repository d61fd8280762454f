import type { Response } from "express";
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { type RateClass, type RateLimit, rateClasses } from "#contract/rates.ts";
import { addressBucket } from "./client-address.ts";
import { tooManyRequests } from "./errors.ts";

/** What is needed of a connection pool. */
export interface RateStore {
  query(statement: { text: string; values?: unknown[] | undefined }): Promise<unknown>;
}

/** Who makes a request, as far as it is known. */
export interface RateSubject {
  caller?: string;
  workspaceId?: string;
  /** The account of a provider: "workspace/channel". */
  account?: string;
  address: string;
}

export interface RequestRates {
  /**
   * Counts a request by its address, before anything is known of its caller. It is kept in the memory of this process:
   * an address is personal data, and this limit is far above what people do.
   * @throws ApiError too_many_requests
   */
  countAddress(res: Response, address: string, of?: "people" | "providers" | "visitors"): Promise<void>;
  /**
   * Counts a request of a class, over all processes, and says in `RateLimit` headers how many are left.
   * @throws ApiError too_many_requests
   */
  count(res: Response, rate: RateClass, subject: RateSubject): Promise<void>;
}

export interface RequestRatesOptions {
  /** Without it each process counts for itself. */
  store?: RateStore;
  limits?: Record<RateClass, RateLimit>;
  /** Requests in a minute from one address, of all its callers together. */
  perAddress?: number;
  /** Links of messages that are followed in a minute from one address. */
  perVisitorAddress?: number;
}

/** Some hundred people behind one address. */
const perAddressDefault = 6_000;
/** A provider reports on the messages of all workspaces from a handful of addresses. Its calls are cheap to refuse. */
const perProviderAddress = 120_000;
/** A network of telephones has one address for thousands of people, and all of them get a message in the same minute. */
const perVisitorDefault = 6_000;

export function createRequestRates({
  store,
  limits = rateClasses,
  perAddress = perAddressDefault,
  perVisitorAddress = perVisitorDefault,
}: RequestRatesOptions): RequestRates {
  const byAddress = new RateLimiterMemory({ keyPrefix: "address", points: perAddress, duration: 60 });
  const byProviderAddress = new RateLimiterMemory({ keyPrefix: "provider", points: perProviderAddress, duration: 60 });
  const byVisitorAddress = new RateLimiterMemory({ keyPrefix: "visitor", points: perVisitorAddress, duration: 60 });
  const names = Object.keys(limits) as RateClass[];
  const shared = new Map(names.map((name) => [name, createLimiter(name, limits[name], store)]));
  // Those who are not signed in have nothing but their address, and it is not written down.
  const unknown = new Map(names.map((name) => [name, createLimiter(name, limits[name], undefined)]));

  return {
    async countAddress(_res, address, of = "people") {
      await consume({ people: byAddress, providers: byProviderAddress, visitors: byVisitorAddress }[of], addressBucket(address));
    },
    async count(res, rate, { caller, workspaceId, account, address }) {
      const { of, requests, seconds } = limits[rate];
      const key = { caller, workspace: workspaceId, account }[of] ?? caller;
      const limiter = (key === undefined ? unknown : shared).get(rate) as RateLimiterMemory | RateLimiterPostgres;
      res.set("RateLimit-Policy", `${requests};w=${seconds}`);
      res.set("RateLimit-Limit", String(requests));
      const show = ({ remainingPoints, msBeforeNext }: RateLimiterRes) => {
        res.set("RateLimit-Remaining", String(remainingPoints));
        res.set("RateLimit-Reset", String(Math.ceil(msBeforeNext / 1_000)));
      };
      await consume(limiter, key ?? addressBucket(address), show);
    },
  };
}

function createLimiter(name: string, { requests, seconds }: RateLimit, store: RateStore | undefined) {
  const limit = { keyPrefix: name, points: requests, duration: seconds };
  const memory = new RateLimiterMemory(limit);
  if (!store) return memory;
  return new RateLimiterPostgres({
    ...limit,
    // The library names its statements, and a pooler in transaction mode does not know them in its next session.
    storeClient: { query: ({ text, values }: { text: string; values?: unknown[] }) => store.query({ text, values }) },
    storeType: "pool",
    schemaName: "private",
    tableName: "request_rates",
    tableCreated: true,
    // A caller who is over the limit is refused from memory, so that being refused costs no statement.
    inMemoryBlockOnConsumed: requests + 1,
    // Counting must not stop what works without it.
    insuranceLimiter: memory,
  });
}

async function consume(
  limiter: RateLimiterMemory | RateLimiterPostgres,
  key: string,
  show: (found: RateLimiterRes) => void = () => {},
): Promise<void> {
  try {
    show(await limiter.consume(key));
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    show(refusal);
    const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000));
    throw tooManyRequests(seconds, `Too many requests. Try again in ${seconds} ${seconds === 1 ? "second" : "seconds"}.`);
  }
}
