import { authorization } from "./access-token.ts";

/**
 * What EventSource does, with the access token in a header, which EventSource cannot send. Told of every failure by
 * `onerror`, and never reconnects by itself.
 */
export class BearerEventSource extends EventTarget {
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((message: MessageEvent) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  private readonly gone = new AbortController();

  constructor(url: string) {
    super();
    void this.listen(url).catch(() => {
      if (!this.gone.signal.aborted) this.onerror?.(new Event("error"));
    });
  }

  close(): void {
    this.gone.abort();
  }

  private async listen(url: string): Promise<never> {
    const headers = { Accept: "text/event-stream", ...(await authorization()) };
    const response = await fetch(url, { headers, signal: this.gone.signal, cache: "no-store" });
    if (!response.ok || !response.body) throw new Error(`The stream was refused with status ${response.status}.`);
    this.onopen?.(new Event("open"));
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) throw new Error("The stream has ended.");
      const blocks = (rest + value).replaceAll("\r\n", "\n").split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) this.tell(block);
    }
  }

  private tell(block: string): void {
    const fields = block.split("\n").flatMap((line) => {
      const [, name, value] = /^([a-z]+):? ?(.*)$/.exec(line) ?? [];
      return name ? [[name, value ?? ""] as const] : []; // Lines that begin with a colon are there to keep the connection.
    });
    const data = fields.filter(([name]) => name === "data").map(([, value]) => value);
    const type = fields.findLast(([name]) => name === "event")?.[1] ?? "message";
    if (data.length === 0) return;
    const message = new MessageEvent(type, { data: data.join("\n") });
    if (type === "message") this.onmessage?.(message);
    this.dispatchEvent(message);
  }
}
