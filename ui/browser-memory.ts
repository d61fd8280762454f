// The only place that touches the storage of the browser. A browser may forbid it (blocked cookies, some private windows)
// and then throws already when it is asked for; or it may have no room. Nothing that is kept here is worth a broken page:
// reading then finds nothing, and what was to be kept lasts as long as the page.

/** `browser`: for every tab, also tomorrow. `tab`: for this tab, until it is closed. */
type Where = "browser" | "tab";

const storageOf = (where: Where): Storage => (where === "tab" ? sessionStorage : localStorage);

export function recall(key: string, where: Where = "browser"): string | null {
  try {
    return storageOf(where).getItem(key);
  } catch {
    return null;
  }
}

/** Null forgets it. */
export function keep(key: string, value: string | null, where: Where = "browser"): void {
  try {
    if (value === null) storageOf(where).removeItem(key);
    else storageOf(where).setItem(key, value);
  } catch {
    // The comment above says why nobody is told.
  }
}

/** Forgets all that this tab remembers: for somebody who signs out, so that nothing of theirs is left to the next person at it. */
export function forgetTab(): void {
  try {
    storageOf("tab").clear();
  } catch {
    // The comment above says why nobody is told.
  }
}
