import { CanaryRequest, canaryBounds } from "#contract/canary.ts";
import { formatCount } from "#ui/format.ts";

/** The few with whom a send begins, as typed: `minutes` is null while its field is empty. */
export type TypedCanary = Omit<CanaryRequest, "minutes"> & { minutes?: number | null | undefined };

/** What is asked of the server; undefined while the minutes are none that it takes. */
export const readCanary = (typed: TypedCanary | null): CanaryRequest | null | undefined =>
  typed === null ? null : CanaryRequest.safeParse(typed).data;

/** What is wrong with the minutes. Where nothing is typed they are those of the workspace. */
export const problemOfMinutes = (minutes: TypedCanary["minutes"]): string | undefined =>
  CanaryRequest.shape.minutes.safeParse(minutes).success
    ? undefined
    : `A whole number from ${canaryBounds.minutes.least} to ${formatCount(canaryBounds.minutes.most)}`;
