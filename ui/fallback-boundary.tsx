import { Component, type ReactNode } from "react";

interface Props {
  children: ReactNode;
  /** What stands in for the children when they cannot be drawn. */
  fallback: ReactNode;
}

/** Keeps a failure of one part, such as code that could not be fetched, from taking down the page around it. */
export class FallbackBoundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}
