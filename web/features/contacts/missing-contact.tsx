import { LoadError } from "#ui/load-error.tsx";
import { Missing } from "#web/entities/workspace/missing.tsx";
import { isApiError } from "#web/lib/api-error.ts";
import { BinnedContact } from "./binned-contact.tsx";

interface MissingContactProps {
  contactId: string | null;
  mayRestore: boolean;
  error: Error | null;
  onRetry: () => void;
}

/** A contact that cannot be read: it may be in the bin. */
export function MissingContact({ contactId, mayRestore, error, onRetry }: MissingContactProps) {
  const told = { error, title: "This contact could not be loaded", onRetry };
  const failure = contactId === null ? <LoadError {...told} /> : <Missing kind="contact" id={contactId} {...told} />;
  const mayBeInBin = contactId !== null && isApiError(error, "contact_not_found");
  return mayBeInBin ? <BinnedContact contactId={contactId} mayRestore={mayRestore} otherwise={failure} /> : failure;
}
