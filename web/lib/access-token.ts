/**
 * The token that proves to our server who a person is, if people sign in elsewhere (Supabase). It is asked for before every request,
 * because its owner renews it. With passwords of our own there is none; the browser then sends our cookie by itself.
 */
let source: (() => Promise<string | null>) | undefined;

export function setAccessTokenSource(next: (() => Promise<string | null>) | undefined): void {
  source = next;
}

export const sendsAccessToken = (): boolean => source !== undefined;

/** The Authorization header of a request; empty where people sign in with passwords of ours. */
export async function authorization(): Promise<Record<string, string>> {
  const token = await source?.();
  return token ? { Authorization: `Bearer ${token}` } : {};
}
