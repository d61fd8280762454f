import { isLoopback } from "#contract/loopback.ts";

/**
 * The address at which a provider reports, or undefined where it could not be called: a provider on the internet cannot reach
 * this machine under a loopback name, and some refuse a message that comes with such an address. Where the operator has put
 * something in the provider's place, it may be anywhere.
 */
export function callableAddress(url: string | undefined, standIn: string | undefined): string | undefined {
  if (url === undefined || standIn !== undefined) return url;
  return isLoopback(new URL(url).hostname) ? undefined : url;
}
