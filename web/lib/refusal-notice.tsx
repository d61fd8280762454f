import { Button } from "#ui/button.tsx";
import { ErrorDetails } from "#ui/error-details.tsx";
import { Notice } from "#ui/notice.tsx";
import { isApiError } from "./api-error.ts";

interface RefusalNoticeProps {
  error: Error;
  title?: string;
  /** Offered where another try may be answered otherwise. */
  onRetry?: () => void;
}

/** A press that was not done, said where it was pressed: why, the code under Details, and Retry where that may help. */
export function RefusalNotice({ error, title, onRetry }: RefusalNoticeProps) {
  const code = isApiError(error) ? error.code : null;
  const mayHelp = !isApiError(error) || error.status === 0 || error.status >= 500 || error.status === 429;
  return (
    <Notice
      status="error"
      title={title}
      action={
        onRetry && mayHelp ? (
          <Button size="xs" onClick={onRetry}>
            Retry
          </Button>
        ) : undefined
      }
    >
      {error.message}
      {code && <ErrorDetails code={code} />}
    </Notice>
  );
}
