import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { LoadError } from "#ui/load-error.tsx";
import { isApiError } from "#web/lib/api-error.ts";

/** Shown in place of a page that failed. The navigation and the other pages keep working. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const message = error instanceof Error ? error.message : "";
  // After an update of the server, the chunks of this tab's version are gone.
  const isStale = /dynamically imported module|Importing a module|error loading dynamically/i.test(message);
  if (isStale) {
    return (
      <LoadError
        title="This page has a newer version"
        error={new Error("Sluice was updated, or the connection dropped while the page was loading. Reload to go on.")}
        onRetry={() => window.location.reload()}
      />
    );
  }
  return (
    <LoadError
      title={isApiError(error) ? "This page could not be loaded" : "This page stopped working"}
      error={error}
      onRetry={() => {
        reset();
        void router.invalidate();
      }}
    />
  );
}
