import { useEffect, useState } from "react";
import { LoadError } from "#ui/load-error.tsx";
import { isOtherVersion } from "#web/lib/app-version.ts";

/** The code of a part of the app is not there: after an update of the server that of this tab's version is gone. */
export function ChunkGone() {
  const [isNew, setIsNew] = useState(false);
  useEffect(() => {
    let isShown = true;
    isOtherVersion().then(
      (isOther) => isShown && setIsNew(isOther),
      // The server does not answer, which is what the page says already.
      () => {},
    );
    return () => {
      isShown = false;
    };
  }, []);
  const reload = () => window.location.reload();
  return isNew ? (
    <LoadError
      title="A new version is available"
      error={new Error("Sluice was updated, and this page still runs the version before. Reload it to go on.")}
      onRetry={reload}
      retryLabel="Reload"
    />
  ) : (
    <LoadError
      title="A part of this page could not be loaded"
      error={new Error("The connection to the server broke off. Reload the page when the server can be reached.")}
      onRetry={reload}
      retryLabel="Reload"
    />
  );
}
