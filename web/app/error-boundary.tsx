import { Flex } from "@chakra-ui/react";
import { Component, type ReactNode } from "react";
import { LoadError } from "#ui/load-error.tsx";

interface State {
  error: Error | null;
}

/** The last net: an error outside of any route still ends in a sentence and a way on, never in a white page. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render() {
    if (!this.state.error) return this.props.children;
    return (
      <Flex minH="100dvh" align="center" justify="center">
        <LoadError title="Sluice stopped working on this page" error={this.state.error} onRetry={() => window.location.reload()} />
      </Flex>
    );
  }
}
