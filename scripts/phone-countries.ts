import { createRequire } from "node:module";

// node scripts/phone-countries.ts writes the function private.phone_country for a migration, from the numbering plans of
// libphonenumber-js. A test says when the one in the database is older than the library.

type Plan = (string | number | null | Plan)[];
interface Plans {
  country_calling_codes: Record<string, string[]>;
  countries: Record<string, Plan>;
}
/** Where a plan of the library's file holds the first digits that are enough to know the country, and its patterns by type. */
const placeOfLead = 10;
const placeOfTypes = 11;

const plans = createRequire(import.meta.url)("libphonenumber-js/metadata.max.json") as Plans;
const codes = Object.entries(plans.country_calling_codes);

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** The condition under which a national number `n` belongs to the country, as the library asks it. */
function belongsTo(country: string): string {
  const plan = plans.countries[country] as Plan;
  const lead = plan[placeOfLead];
  if (typeof lead !== "string") {
    const types = (plan[placeOfTypes] as Plan).flatMap((type) => (Array.isArray(type) && type[0] ? [String(type[0])] : []));
    return `n ~ ${quoted(`^(?:${types.join("|")})$`)}`;
  }
  const prefixes = lead.split("|");
  const [first = ""] = prefixes;
  // Comparing letters is faster than any pattern.
  const isPlain = prefixes.every((prefix) => /^\d+$/.test(prefix) && prefix.length === first.length);
  return isPlain ? `left(n, ${first.length}) in (${prefixes.map(quoted).join(", ")})` : `n ~ ${quoted(`^(?:${lead})`)}`;
}

/**
 * The countries that share a calling code, in the order of the library. The first one wins where several fit, and has what
 * fits none; it is asked last, because its pattern is the longest.
 */
function shared([code, [main = "", ...others]]: [string, string[]]): string {
  const tests = others.map((country) => `when ${belongsTo(country)} then ${quoted(country)}`);
  return `    when ${quoted(code)} then
      found := case
        ${tests.join("\n        ")} end;
      return case when found is null or ${belongsTo(main)} then ${quoted(main)} else found end;`;
}

/** The body of private.phone_country. */
export function phoneCountryBody(): string {
  const twoDigits = codes.map(([code]) => code).filter((code) => code.length === 2);
  const alone = Object.fromEntries(codes.filter(([, of]) => of.length === 1).map(([code, [country]]) => [code, country]));
  return `
declare
  digits constant text := substr(e164, 2);
  code constant text := left(digits, case when left(digits, 1) in ('1', '7') then 1
    when left(digits, 2) in (${twoDigits.map(quoted).join(", ")}) then 2 else 3 end);
  n constant text := substr(digits, length(code) + 1);
  found text;
begin
  if e164 !~ '^[+][1-9][0-9]{6,14}$' then
    return null;
  end if;
  case code
${codes
  .filter(([, of]) => of.length > 1)
  .map(shared)
  .join("\n")}
    else
      return ${quoted(JSON.stringify(alone))}::jsonb ->> code;
  end case;
end `;
}

if (import.meta.main) {
  console.log(`create or replace function private.phone_country(e164 text) returns text
language plpgsql immutable parallel safe strict set search_path = '' as $$${phoneCountryBody()}$$;`);
}
