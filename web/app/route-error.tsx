import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { LoadError } from "#ui/load-error.tsx";
import { isApiError } from "#web/lib/api-error.ts";
import { isChunkError } from "#web/lib/app-version.ts";
import { ChunkGone } from "./chunk-gone.tsx";

/** Shown in place of a page that failed. The navigation and the other pages keep working. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  if (isChunkError(error)) return <ChunkGone />;
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
