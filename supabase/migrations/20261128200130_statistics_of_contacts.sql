-- A column without statistics counts as almost never null. The planner therefore believed that a workspace has few contacts
-- outside of the bin, and every search read all of them in a second index.
analyze public.contacts;
