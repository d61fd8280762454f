import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import type { ImportColumn } from "#contract/import-settings.ts";
import type { ContactImport } from "#contract/imports.ts";
import { refreshContacts } from "#web/entities/contacts/contact-queries.ts";
import { api } from "#web/lib/api.ts";
import { isApiError } from "#web/lib/api-error.ts";
import type { ImportFile } from "./import-file.ts";

interface Upload {
  source: ImportFile;
  columns: ImportColumn[];
  country: string;
  /** The system whose ids the file gives; "" where it gives none. */
  system: string;
}

const lookEvery = 700;
const patience = 60;
const pause = () => new Promise((resolve) => setTimeout(resolve, lookEvery));

/** The connection broke during the upload. Asks the server whether the import goes on, and waits for its result. */
const findLost = async (id: string, error: unknown): Promise<ContactImport> => {
  if (!isApiError(error) || (error.status !== 0 && error.status < 500)) throw error;
  for (let look = 0; look < patience; look++) {
    const found = await api("getContactImport", { params: { id } }).catch((failure: unknown) => {
      if (isApiError(failure, "unreachable")) return null;
      throw error;
    });
    if (found && found.state !== "running") return found;
    await pause();
  }
  throw error;
};

/** Uploads a file and follows the import. A retry after an error carries the same import id, so the server runs one import. */
export function useImport() {
  const client = useQueryClient();
  const id = useRef(crypto.randomUUID());
  const upload = useMutation({
    mutationFn: ({ source, columns, country, system }: Upload) => {
      const { name, upload: file, encoding, headerRow } = source;
      const settings = {
        importId: id.current,
        fileName: name.slice(0, 200),
        defaultCountry: country,
        encoding,
        headerRow,
        columns,
        ...(system && { source: system }),
      };
      return api("importContacts", { body: settings, file }).catch((error: unknown) => findLost(id.current, error));
    },
    onError: (error) => {
      // A refused import is over. The same file with other settings is another import.
      if (isApiError(error) && error.status < 500 && error.status !== 0) id.current = crypto.randomUUID();
    },
    onSuccess: () => refreshContacts(client),
  });
  const progress = useQuery({
    queryKey: ["contact-imports", id.current],
    queryFn: ({ signal }) => api("getContactImport", { params: { id: id.current }, signal }),
    enabled: upload.isPending,
    refetchInterval: lookEvery,
    retry: false,
  });
  const startOver = () => {
    id.current = crypto.randomUUID();
    upload.reset();
  };
  return {
    start: upload.mutate,
    startOver,
    running: upload.isPending,
    error: upload.error,
    result: upload.data,
    rowsRead: progress.data?.rowsRead ?? 0,
  };
}
