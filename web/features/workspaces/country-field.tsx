import { SelectField } from "#ui/fields/select-field.tsx";
import { countryOptions } from "#web/lib/countries.ts";

interface CountryFieldProps {
  value: string;
  onChange: (country: string) => void;
  error?: string;
}

/** Asked when a workspace begins: a wrong country makes every number without a country code somebody else's. */
export function CountryField(props: CountryFieldProps) {
  return (
    <SelectField
      label="Country"
      help="A phone number without a country code is read as a number of this country."
      placeholder="Choose a country"
      options={countryOptions()}
      {...props}
    />
  );
}
