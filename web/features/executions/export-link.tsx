import { Download } from "lucide-react";
import { Button } from "#ui/button.tsx";
import { toast } from "#ui/toaster.tsx";
import { sendsAccessToken } from "#web/lib/access-token.ts";
import { download } from "#web/lib/download.ts";

interface ExportLinkProps {
  url: string;
  /** What the file is called where we save it ourselves. */
  fileName: string;
  /** What it holds, for the one who points at it: "All enrollments listed here, as a CSV file". */
  title: string;
  label?: string;
}

/** Saves what is listed as a file. */
export function ExportLink({ url, fileName, title, label = "Export" }: ExportLinkProps) {
  const save = () =>
    download(url, fileName).catch((error: Error) =>
      toast({ title: "The file could not be saved", description: error.message, status: "error" }),
    );
  return (
    <Button asChild>
      <a
        href={url}
        download
        title={title}
        onClick={(event) => {
          // A link carries our cookie but no access token.
          if (!sendsAccessToken()) return;
          event.preventDefault();
          void save();
        }}
      >
        <Download aria-hidden />
        {label}
      </a>
    </Button>
  );
}
