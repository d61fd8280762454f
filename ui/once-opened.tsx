import { type ReactNode, Suspense, useState } from "react";

/**
 * Mounts a dialog or panel when it is first opened, and keeps it from then on, so that it can close with its animation.
 * With a `lazyLater` component inside, its code is not needed before that.
 */
export function OnceOpened({ open, children }: { open: boolean; children: ReactNode }) {
  const [wasOpened, setWasOpened] = useState(open);
  if (open && !wasOpened) setWasOpened(true);
  return wasOpened ? <Suspense>{children}</Suspense> : null;
}
