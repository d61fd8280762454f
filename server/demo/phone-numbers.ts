import type { Random } from "./random.ts";

/**
 * Numbers that regulators reserve for films and examples. A demo message can therefore never reach a person, not even
 * when the demo workspace is given a real provider by mistake. All of them are valid by their national numbering plans.
 * Countries that reserve none, or whose reserved numbers are not valid (such as Britain's mobile range), are left out.
 * `x` is any digit.
 */
const reserved = {
  // 555-0100 to 555-0199 in every area code.
  US: "201 202 205 206 207 212 213 214 215 216 217 225 239 240 248 251 253 262 267 281 301 302 303 304 305 307 310 312 313 314 315 316 317 318 319 320 323 330 334 347 352 360 361 385 401 402 404 405 406 407 408 410 412 413 414 417 419 423 424 425 432 434 435 440 443 469 470 478 480 484 501 502 503 504 505 507 508 509 510 512 513 515 516 518 520 530 540 541 551 559 561 562 563 570 571 573 602 603 605 606 607 608 609 612 614 615 616 617 618 619"
    .split(" ")
    .map((area) => `+1${area}55501xx`),
  // Ofcom's numbers for drama.
  GB: [
    "+442079460xxx",
    "+441214960xxx",
    "+441314960xxx",
    "+441614960xxx",
    "+441134960xxx",
    "+442920180xxx",
    "+441914980xxx",
    "+441414960xxx",
  ],
  // The Bundesnetzagentur's "Drama Numbers".
  DE: ["+493023125xxx", "+494066969xxx", "+496990009xxx", "+492214710xxx", "+498999998xxx"],
  // ARCEP's ranges for audiovisual works.
  FR: ["+3319900xxxx", "+3326191xxxx", "+3335301xxxx", "+3346571xxxx", "+3353649xxxx"],
  // ACMA's fictitious numbers.
  AU: ["+6125550xxxx", "+6127010xxxx", "+6135550xxxx", "+6137010xxxx", "+6175550xxxx", "+6185550xxxx"],
  // PTS's numbers for books and films.
  SE: ["+468465004xx", "+4698031920x", "+4640628040x", "+4631390060x"],
} as const satisfies Record<string, readonly string[]>;

export type NumberedCountry = keyof typeof reserved;
/** The countries of all demo numbers. */
export const numberedCountries = Object.keys(reserved) as NumberedCountry[];

/** Takes an unused fictional number of the country; undefined after some tries, because small ranges are used up. */
export function takeNumber(random: Random, country: NumberedCountry, taken: Set<string>): string | undefined {
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const number = random.pick(reserved[country]).replace(/x/g, () => String(random.below(10)));
    if (taken.has(number)) continue;
    taken.add(number);
    return number;
  }
  return undefined;
}

export function isReservedNumber(e164: string): boolean {
  return Object.values<readonly string[]>(reserved)
    .flat()
    .some((range) => new RegExp(`^\\${range.replaceAll("x", "\\d")}$`).test(e164));
}

/** Writes the number as people do. Numbers of `workspaceCountry` may lack their country code. */
export function writeNumber(random: Random, e164: string): string {
  const american = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(e164);
  if (american) {
    const [, area, exchange, line] = american;
    return random.pick([
      `(${area}) ${exchange}-${line}`,
      `${area}-${exchange}-${line}`,
      `+1 ${area} ${exchange} ${line}`,
      `${area}.${exchange}.${line}`,
      e164,
    ]);
  }
  const spaced = e164.replace(/^(\+(?:4[4-9]|6\d|33))(\d+?)(\d{3})(\d{3,4})$/, "$1 $2 $3 $4");
  return random.pick([spaced, e164, spaced.replace("+", "00")]);
}

/** Every real list has such numbers. They are kept, marked, and never sent to. */
export const unusableNumbers = [
  "555-0134",
  "12345",
  "n/a",
  "ask at reception",
  "+1234567890",
  "(415) 555-0199 ext. 12",
  "0000000000",
  "call after 6",
];
