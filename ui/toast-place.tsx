import { Suspense, useSyncExternalStore } from "react";
import { lazyLater } from "./lazy-later.ts";
import { isToastViewWanted, onToastViewWanted } from "./toaster.tsx";

const ToastView = lazyLater(async () => (await import("./toast-view.tsx")).ToastView);

/** The place where toasts appear. */
export function ToastPlace() {
  const isWanted = useSyncExternalStore(onToastViewWanted, isToastViewWanted);
  return isWanted ? (
    <Suspense>
      <ToastView />
    </Suspense>
  ) : null;
}
