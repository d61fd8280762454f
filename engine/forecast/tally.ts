import { DateTime } from "luxon";
import type { Forecast } from "#contract/forecasts.ts";
import { type Channel, channels } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { ForecastSink, RefusedContact, WalkedAudience } from "./stage.ts";
import { isUnfinished, reasonsByNode, type Walked, whyNothing } from "./walked.ts";

const hourMs = 3_600_000;
/** A chart has so many columns at most, and then wider ones. */
const mostHours = 72;
const mostDays = 400;

/** Adds up walked contacts. It keeps counts and no contact, so its size does not depend on how many there are. */
export class Tally implements ForecastSink {
  #willStart = 0;
  #unfinished = 0;
  #firstAt = Number.POSITIVE_INFINITY;
  #lastAt = Number.NEGATIVE_INFINITY;
  readonly #willNotStart = new Counts<Reason>();
  readonly #nothing = new Counts<Reason | "">();
  readonly #reached = new Counts<Channel>();
  readonly #came = new Counts<string>();
  readonly #planned = new Counts<string>();
  readonly #segments = new Counts<string>();
  readonly #refused = new Map<string, Counts<Reason>>();
  readonly #ends = new Counts<string>();
  readonly #assumed = new Counts<string>();
  readonly #hours = new Map<number, Record<Channel, number>>();

  refused(_: RefusedContact, reason: Reason): void {
    this.#willNotStart.add(reason);
  }

  walked(walked: Walked): void {
    const { steps, messages, ending, assumed, execution } = walked;
    this.#willStart += 1;
    for (const nodeId of new Set(steps.map((step) => step.nodeId))) this.#came.add(nodeId);
    for (const [nodeId, reasons] of reasonsByNode(steps)) {
      const counts = this.#refused.get(nodeId) ?? new Counts();
      this.#refused.set(nodeId, counts);
      for (const reason of reasons) counts.add(reason);
    }
    for (const { nodeId, channel, at, segments } of messages) {
      this.#planned.add(nodeId);
      if (segments !== null) this.#segments.add(nodeId, segments);
      this.#firstAt = Math.min(this.#firstAt, at);
      this.#lastAt = Math.max(this.#lastAt, at);
      const hour = Math.floor(at / hourMs);
      const counts = this.#hours.get(hour) ?? { sms: 0, email: 0 };
      counts[channel] += 1;
      this.#hours.set(hour, counts);
    }
    for (const channel of new Set(messages.map((message) => message.channel))) this.#reached.add(channel);
    const nothing = whyNothing(walked);
    if (nothing !== undefined) this.#nothing.add(nothing ?? "");
    if (isUnfinished(walked)) this.#unfinished += 1;
    else if (ending) this.#ends.add(JSON.stringify([execution.cursor.nodeId ?? "", ending.status, ending.reason]));
    for (const [nodeId, assumption] of assumed) this.#assumed.add(JSON.stringify([assumption, nodeId]));
  }

  toForecast({ flow, standing, channels: used, kept }: WalkedAudience): Forecast {
    const ofChannel = (channel: Channel) => [...flow.nodes.values()].filter(({ definition }) => definition.channel === channel);
    const sum = (counts: Counts<string>, channel: Channel) => ofChannel(channel).reduce((total, { id }) => total + counts.of(id), 0);
    const willNotStart = byReason(this.#willNotStart);
    const nothing = used.length === 0 ? [] : this.#nothing.all();
    const nothingBy = nothing.map(([reason, contacts]) => ({ reason: reason === "" ? null : reason, contacts }));
    return {
      at: standing.now.toISOString(),
      total: this.#willStart + willNotStart.reduce((total, { contacts }) => total + contacts, 0),
      willStart: this.#willStart,
      willNotStart,
      nothing: nothingBy.reduce((total, { contacts }) => total + contacts, 0),
      nothingBy,
      channels: used.map((channel) => ({
        channel,
        messages: sum(this.#planned, channel),
        segments: channel === "sms" ? sum(this.#segments, channel) : null,
        contacts: this.#reached.of(channel),
        kept: kept.includes(channel),
      })),
      nodes: [...flow.nodes.values()]
        .filter(({ id }) => this.#came.of(id) > 0)
        .map(({ id, type, label, definition: { channel, label: usual } }) => ({
          nodeId: id,
          type,
          label: label ?? usual,
          channel: channel ?? null,
          contacts: this.#came.of(id),
          messages: this.#planned.of(id),
          segments: channel === "sms" ? this.#segments.of(id) : null,
          refused: byReason(this.#refused.get(id)),
        })),
      firstAt: toTime(this.#firstAt),
      lastAt: toTime(this.#lastAt),
      moments: this.#moments(standing.workspace.timeZone),
      ends: this.#ends.all().map(([key, contacts]) => {
        const [nodeId, status, reason] = JSON.parse(key) as [string, Forecast["ends"][number]["status"], Reason | null];
        return { nodeId, status, reason, contacts };
      }),
      assumed: this.#assumed.all().map(([key, contacts]) => {
        const [assumption, nodeId] = JSON.parse(key) as [Forecast["assumed"][number]["assumption"], string];
        return { assumption, nodeId, contacts };
      }),
      unfinished: this.#unfinished,
    };
  }

  #moments(zone: string): Forecast["moments"] {
    const span = this.#lastAt - this.#firstAt;
    const every = span <= mostHours * hourMs ? "hour" : span <= mostDays * 24 * hourMs ? "day" : "month";
    const counts = new Map<number, Record<Channel, number>>();
    for (const [hour, found] of this.#hours) {
      const at = DateTime.fromMillis(hour * hourMs, { zone })
        .startOf(every)
        .toMillis();
      const sum = counts.get(at) ?? { sms: 0, email: 0 };
      for (const channel of channels) sum[channel] += found[channel];
      counts.set(at, sum);
    }
    const sorted = [...counts].sort(([a], [b]) => a - b);
    return { every, zone, counts: sorted.map(([at, count]) => ({ at: new Date(at).toISOString(), ...count })) };
  }
}

const toTime = (at: number) => (Number.isFinite(at) ? new Date(at).toISOString() : null);

class Counts<Key extends string> {
  readonly #counts = new Map<Key, number>();
  add(key: Key, count = 1): void {
    this.#counts.set(key, this.of(key) + count);
  }
  of(key: Key): number {
    return this.#counts.get(key) ?? 0;
  }
  /** The most frequent first. */
  all(): [Key, number][] {
    return [...this.#counts].sort(([, a], [, b]) => b - a);
  }
}

const byReason = (counts: Counts<Reason> | undefined) => (counts?.all() ?? []).map(([reason, contacts]) => ({ reason, contacts }));
