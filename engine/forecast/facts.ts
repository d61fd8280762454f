import type { SpellStatus } from "../effects/decide-change.ts";
import type { GateFacts } from "../messages/gate.ts";
import type { MessageLinks } from "../messages/message-links.ts";
import type { AddressBook } from "./address-book.ts";
import type { ProviderNames } from "./provider-names.ts";
import type { SenderAndDayLimits } from "./sender-and-day-limits.ts";

/** What a forecast knows before it walks. */
export interface ForecastFacts {
  gate: GateFacts;
  providers: ProviderNames;
  links: MessageLinks | undefined;
  spellStatus: SpellStatus;
  /** How many messages a contact may get within a day. */
  cap: number;
  /** Undefined where several contacts may have an address. */
  book: AddressBook | undefined;
  /** Undefined where no sender has a pace and the limit of the day is not in reach. */
  limits: SenderAndDayLimits | undefined;
  /** Whether the texts of messages are read by somebody. */
  keepsTexts: boolean;
}
