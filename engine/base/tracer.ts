/**
 * Shows pieces of work as spans of a trace. A send carries the place of the request that made it (W3C traceparent), so the
 * work that other processes do for it later is seen in the same trace. Facts are numbers and words of ours, never names,
 * addresses or texts.
 */
export interface Tracer {
  /** Does the work, as a piece of the trace that it is called in unless told otherwise. */
  span<T>(name: string, work: (span: OpenSpan) => Promise<T>, options?: SpanOptions): Promise<T>;
  /** Where the work in progress stands, to be stored with what it hands over. */
  traceparent(): string | undefined;
}

export interface OpenSpan {
  note(facts: Facts): void;
}

export interface SpanOptions {
  facts?: Facts;
  /** A call to somebody outside. */
  isCall?: boolean;
  /** Continues this one's trace. */
  parent?: string;
  /** A trace of its own that points to these: who asked for the work is long gone, or there are many of them. */
  links?: readonly string[];
  /** Began earlier, by performance.now(). */
  since?: number;
}

export type Facts = Record<string, string | number | boolean>;

const noSpan: OpenSpan = { note: () => {} };
/** Where nobody traces, the work is simply done. */
export const quietTracer: Tracer = { span: (_, work) => work(noSpan), traceparent: () => undefined };
