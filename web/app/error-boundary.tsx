import { Flex } from "@chakra-ui/react";
import { Component, type ReactNode } from "react";
import { LoadError } from "#ui/load-error.tsx";
import { isChunkError } from "#web/lib/app-version.ts";
import { ChunkGone } from "./chunk-gone.tsx";

interface State {
  error: Error | null;
}

/** Catches errors outside of any route, so that they end in a message with a reload button and not in a white page. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render() {
    if (!this.state.error) return this.props.children;
    return (
      <Flex minH="100dvh" align="center" justify="center">
        {isChunkError(this.state.error) ? (
          <ChunkGone />
        ) : (
          <LoadError title="Sluice stopped working on this page" error={this.state.error} onRetry={() => window.location.reload()} />
        )}
      </Flex>
    );
  }
}
