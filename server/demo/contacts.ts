import { type People, peoples } from "./peoples.ts";
import { takeNumber, unusableNumbers, writeNumber } from "./phone-numbers.ts";
import { createRandom, type Random } from "./random.ts";

export interface DemoContact {
  firstname: string;
  lastname: string;
  name: string | null;
  email: string | null;
  phone_number: string | null;
  phone_e164: string | null;
  lead_status: string | null;
  conversation_status: string;
  time_zone: string | null;
  metadata: Record<string, string>;
  /** How many minutes before now. */
  created_ago: number;
  updated_ago: number;
  sms_opted_out_ago: number | null;
  email_opted_out_ago: number | null;
  opt_out_source: string | null;
  dnc: boolean;
}

const minutesOfTwoYears = 2 * 365 * 24 * 60;
const seed = 20_260_917;

/** Makes `count` people, always the same ones. The three of the founding document's drawing are the newest. */
export function demoContacts(count: number): DemoContact[] {
  const random = createRandom(seed);
  const taken = new Set(drawnContacts.flatMap(({ phone_e164 }) => phone_e164 ?? []));
  const others = Array.from({ length: Math.max(0, count - drawnContacts.length) }, (_, index) => makeContact(random, taken, index));
  return [...drawnContacts, ...others];
}

function makeContact(random: Random, taken: Set<string>, index: number): DemoContact {
  const people = random.weighted(peoples);
  const place = random.pick(people.places);
  const firstname = random.chance(0.02) ? "" : random.pick(people.given);
  const lastname = firstname === "" || random.chance(0.97) ? random.pick(people.family) : "";
  // More contacts are recent, as in a business that grows. None is younger than ten minutes, so that the three of the
  // drawing stay at the top of the list.
  const created = 10 + Math.floor(minutesOfTwoYears * random.next() ** 1.7);
  const some = (probability: number) => (random.chance(probability) ? Math.floor(created * random.next()) : null);
  const [sms, email] = [some(0.03), some(0.05)];
  return {
    firstname,
    lastname,
    name: fullName(random, people, firstname, lastname),
    email: makeEmail(random, firstname, lastname, index),
    ...makePhone(random, people, taken),
    lead_status: random.weighted(leadStatuses).value,
    conversation_status: random.weighted(conversationStatuses).value,
    time_zone: random.chance(0.9) ? place.zone : null,
    metadata: { city: place.city, source: random.pick(sources), ...(random.chance(0.4) ? { company: random.pick(companies) } : {}) },
    created_ago: created,
    updated_ago: Math.floor(created * random.next()),
    sms_opted_out_ago: sms,
    email_opted_out_ago: email,
    opt_out_source: sms === null && email === null ? null : random.pick(["manual", "import"]),
    dnc: random.chance(0.012),
  };
}

function fullName(random: Random, { familyFirst }: People, firstname: string, lastname: string): string | null {
  if (familyFirst) return `${lastname}${firstname}`;
  return random.chance(0.06) ? `${firstname} ${lastname}`.trim() : null;
}

/** These domains are reserved for examples, so no mail can reach a stranger. */
const domains = ["example.com", "example.org", "example.net", "mail.example.com", "post.example.org"];

function makeEmail(random: Random, firstname: string, lastname: string, index: number): string | null {
  if (random.chance(0.1)) return null;
  const plain = [firstname, lastname].map((part) => part.normalize("NFD").replace(/[^A-Za-z]/g, "")).filter(Boolean);
  const user = plain.length > 0 ? `${plain.join(".")}.${index}` : `contact${index}`;
  if (random.chance(0.05))
    return random.pick([
      `${user}@`,
      `${user}(at)example.com`,
      `${user}@example`,
      `${user}@@example.com`,
      "none",
      `${user} @example.com`,
      `${user}@example,com`,
    ]);
  return random.chance(0.8) ? `${user}@${random.pick(domains)}`.toLowerCase() : `${user}@${random.pick(domains)}`;
}

function makePhone(random: Random, { numbers }: People, taken: Set<string>): Pick<DemoContact, "phone_number" | "phone_e164"> {
  if (random.chance(0.09)) return { phone_number: null, phone_e164: null };
  if (random.chance(0.04)) return { phone_number: random.pick(unusableNumbers), phone_e164: null };
  const number = takeNumber(random, random.pick(numbers), taken) ?? takeNumber(random, "FR", taken);
  return number === undefined
    ? { phone_number: null, phone_e164: null }
    : { phone_number: writeNumber(random, number), phone_e164: number };
}

const leadStatuses = [
  { value: "New", weight: 34 },
  { value: "Contacted", weight: 22 },
  { value: "Qualified", weight: 14 },
  { value: "Proposal sent", weight: 7 },
  { value: "Customer", weight: 12 },
  { value: "Lost", weight: 6 },
  { value: null, weight: 5 },
];
const conversationStatuses = [
  { value: "New", weight: 55 },
  { value: "Open", weight: 18 },
  { value: "Waiting", weight: 10 },
  { value: "Closed", weight: 17 },
];
const sources = ["Web form", "Trade fair", "Referral", "Phone call", "Newsletter", "Walk-in"];
const companies = [
  "Acme Ltd",
  "Smith & Sons, Inc.",
  'Blumen "Flora" GmbH',
  "株式会社さくら",
  "Ünlü A.Ş.",
  "ООО Ромашка",
  "Café Zoë",
  "O’Hara’s",
  "Globex",
  "Initech",
];

const drawn = (firstname: string, lastname: string, email: string, phone: string, created_ago: number): DemoContact => ({
  firstname,
  lastname,
  name: null,
  email,
  phone_number: phone,
  phone_e164: phone,
  lead_status: "New",
  conversation_status: "New",
  time_zone: "America/New_York",
  metadata: { source: "Web form" },
  created_ago,
  updated_ago: created_ago,
  sms_opted_out_ago: null,
  email_opted_out_ago: null,
  opt_out_source: null,
  dnc: false,
});

const drawnContacts: readonly DemoContact[] = [
  drawn("John", "Doe", "john@example.com", "+12025550134", 1),
  drawn("Jane", "Smith", "jane.smith@example.com", "+12025550171", 2),
  drawn("Bob", "Wilson", "bob.wilson@example.com", "+12025550189", 3),
];
