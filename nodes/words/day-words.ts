const dayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** Days of the week as people say them after a verb: " on a weekday". Every day gives an empty text. */
export const dayWords = (weekdays: readonly number[]): string => {
  const days = [...new Set(weekdays)].sort((a, b) => a - b);
  if (days.length === 0 || days.length === 7) return "";
  if (days.join() === "1,2,3,4,5") return " on a weekday";
  if (days.join() === "6,7") return " at the weekend";
  return ` on ${days.map((day) => dayNames[day - 1]).join(", ")}`;
};

export const zoneWords = (zone: "contact" | "workspace"): string => (zone === "contact" ? "the contact’s time" : "the workspace’s time");
