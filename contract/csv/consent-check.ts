import type { ImportColumn } from "../import-settings.ts";
import { consentInHeader, isAnswer, isConsentTarget, soundsLikeRefusal } from "./consent.ts";

/** In these a refusal is the name of a person or a part of an address. */
const named = new Set(["name", "firstname", "lastname", "email", "phone_number", "time_zone"]);

/**
 * Finds the columns that seem to speak of consent and are not taken as such. An import asks about them before it begins,
 * because a refusal that becomes a custom field is a message to somebody who asked for none.
 */
export class ConsentCheck {
  readonly #columns: readonly ImportColumn[];
  readonly #inHeader: readonly (boolean | "perhaps")[];
  readonly #filled = new Set<number>();
  readonly #loud = new Set<number>();
  /** Columns with a value that is neither yes nor no. */
  readonly #says = new Set<number>();

  constructor(columns: readonly ImportColumn[]) {
    this.#columns = columns;
    const takesRefusals = columns.some(({ target }) => isConsentTarget(target));
    this.#inHeader = columns.map(({ header }) => {
      const found = consentInHeader(header);
      if (found === "refusal circumstance") return !takesRefusals;
      if (found === "perhaps") return found;
      return found !== undefined && found !== "circumstance";
    });
  }

  /** Looks at one row of the file. */
  see(cells: readonly string[]): void {
    for (const [index, column] of this.#columns.entries()) {
      if (this.#loud.has(index) || !this.#isOpen(column)) continue;
      const value = cells[index]?.trim() ?? "";
      if (value === "") continue;
      this.#filled.add(index);
      if (soundsLikeRefusal(value)) this.#loud.add(index);
      else if (this.#inHeader[index] === "perhaps" && !this.#says.has(index) && !isAnswer(value)) this.#says.add(index);
    }
  }

  /** The places of the columns to ask about, after all rows were seen. A column without any value needs no answer. */
  questions(): number[] {
    return this.#columns.flatMap((column, index) => {
      if (!this.#isOpen(column)) return [];
      if (this.#loud.has(index)) return [index];
      const isAbout = this.#inHeader[index] === "perhaps" ? !this.#says.has(index) : this.#inHeader[index];
      return isAbout && this.#filled.has(index) ? [index] : [];
    });
  }

  #isOpen = ({ target, notConsent }: ImportColumn) =>
    !notConsent && !isConsentTarget(target) && !named.has(target) && target !== "contact_id";
}
