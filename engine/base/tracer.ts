/**
 * Shows pieces of work as spans of a trace. A send stores the W3C traceparent of the request that made it, so the work
 * that other processes do for it later is part of the same trace. Facts are numbers and fixed words, never names,
 * addresses or texts.
 */
export interface Tracer {
  /** Runs `work` inside a span. Its parent is the span in progress unless `options` names another. */
  span<T>(name: string, work: (span: OpenSpan) => Promise<T>, options?: SpanOptions): Promise<T>;
  /** The traceparent of the span in progress, to be stored with work that is handed over. */
  traceparent(): string | undefined;
}

export interface OpenSpan {
  note(facts: Facts): void;
}

export interface SpanOptions {
  facts?: Facts;
  /** The work is a call to a server outside. */
  isCall?: boolean;
  /** The traceparent of the span to continue. */
  parent?: string;
  /** Traceparents of other traces. The span begins a trace of its own that points to them. */
  links?: readonly string[];
  /** When the span began, by performance.now(), if it began before this call. */
  since?: number;
}

export type Facts = Record<string, string | number | boolean>;

const noSpan: OpenSpan = { note: () => {} };
/** A tracer that only runs the work. */
export const quietTracer: Tracer = { span: (_, work) => work(noSpan), traceparent: () => undefined };
