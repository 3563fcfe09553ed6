// The pages a person can go to, in the order of the number keys.
export const PLACES = [
  { path: "/campaigns", name: "campaigns" },
  { path: "/live", name: "live" },
  { path: "/ledger", name: "ledger" },
  { path: "/reviews", name: "reviews" },
  { path: "/orders", name: "orders" },
  { path: "/files", name: "files" },
  { path: "/blocked", name: "blocked" },
] as const;
