import { Notice } from "#ui/notice.tsx";
import type { ApiError } from "./api-error.ts";

interface FormErrorProps {
  error: ApiError | null;
  /** Paths the form shows at their fields: when the error is only about those, it needs no box of its own. */
  shownAt: string[];
}

export function FormError({ error, shownAt }: FormErrorProps) {
  if (!error) return null;
  const elsewhere = error.problems.filter((problem) => !shownAt.includes(problem.path));
  if (error.problems.length > 0 && elsewhere.length === 0) return null;
  return (
    <Notice status="error">
      {elsewhere.length > 0 ? elsewhere.map((problem) => <div key={problem.path + problem.message}>{problem.message}</div>) : error.message}
    </Notice>
  );
}
