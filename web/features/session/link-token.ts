import { useEffect, useState } from "react";

/**
 * The secret of a claim or invitation link. It stands in the fragment, which no server and no Referer ever sees, and
 * it leaves the address bar at once, so that no screenshot, history or shared screen shows it. It is kept for as long
 * as this page lives: a mistyped password must not cost the link.
 */
let taken: string | null = null;

export function takeLinkToken(): string | null {
  const fragment = window.location.hash.replace(/^#/, "");
  if (fragment !== "") {
    taken = new URLSearchParams(fragment).get("token") ?? fragment;
    window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
  }
  return taken;
}

export function forgetLinkToken(): void {
  taken = null;
}

/** The token of the link. It is read again when the link is pasted into this tab, because browsers then only change the fragment. */
export function useLinkToken(): string | null {
  const [token, setToken] = useState(takeLinkToken);
  useEffect(() => {
    const look = () => setToken(takeLinkToken());
    window.addEventListener("hashchange", look);
    return () => window.removeEventListener("hashchange", look);
  }, []);
  return token;
}
