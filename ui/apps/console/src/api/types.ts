// What the server's API answers to the office, as crates/server writes it. Money in fen, times in epoch
// milliseconds; receivers arrive masked.

export type CampaignState = "planned" | "armed" | "live" | "closed";

/** A campaign in the list. */
export interface Listed {
  id: string;
  name: string;
  host: string;
  channel: string;
  state: CampaignState;
  starts_at: number;
  ends_at: number;
  expected: number;
  set_aside: number;
  held: number;
  settled: number;
  orders: number;
}

export interface Offer {
  code: string;
  price_fen: number;
  expected: number;
}

/** Units of a SKU at a warehouse; an empty channel is everybody's. */
export interface StockWish {
  warehouse: string;
  sku: string;
  channel: string;
  qty: number;
}

export interface ProvinceQuota {
  province: string;
  most: number;
}

export interface Limits {
  buyer_limit: number;
  address_limit: number;
  province_quotas: ProvinceQuota[];
}

/** One risk rule as far as a campaign sets it. */
export type RuleSetting = Record<string, boolean | number>;
export type Rules = Record<string, RuleSetting>;

/** The body that plans a campaign. */
export interface Plan extends Limits {
  id: string;
  name: string;
  host: string;
  channel: string;
  starts_at: number;
  ends_at: number;
  split_allowed: boolean;
  unpaid_ms: number;
  rules: Rules;
  offers: Offer[];
  set_aside: StockWish[];
}

export interface StockRow extends StockWish {
  held: number;
  settled: number;
}

export interface ProvinceTaken extends ProvinceQuota {
  taken: number;
}

/** Something that was done to a campaign. */
export interface ActRow {
  seq: number;
  act: string;
  who: string;
  at: number;
  detail: Record<string, unknown>;
}

/** All of a campaign. */
export interface Story extends Omit<Plan, "set_aside" | "province_quotas"> {
  state: CampaignState;
  set_aside: StockRow[];
  province_quotas: ProvinceTaken[];
  acts: ActRow[];
}

/** What a plan chooses from: what can be sold, where it lies, and the risk rules as they usually are. */
export interface Goods {
  rules: Rules;
  skus: { id: string; name: string }[];
  bundles: { id: string; name: string; parts: { sku: string; qty: number }[] }[];
  warehouses: { id: string; name: string; free: { sku: string; units: number }[] }[];
}

export interface StockChange {
  warehouse: string;
  sku: string;
  channel: string;
  by: number;
}

/** How many of each offer a channel may show for sale. */
export interface Publishable {
  channel: string;
  sellable: { code: string; qty: number }[];
}

export interface LedgerRow {
  sku: string;
  warehouse: string;
  channel: string;
  set_aside: number;
  available: number;
  held: number;
  settled: number;
  by_province: { province: string; held: number; settled: number }[];
}

export interface Ledger {
  campaign: string;
  balanced: boolean;
  rows: LedgerRow[];
  provinces: ProvinceTaken[];
  differences: string[];
}

export interface Meter {
  at: number;
  orders: { accepted: number; review: number; unpaid: number; waiting: number; cancelled: number };
  refused: Record<string, number>;
  per_second: [number, number][];
  stock: { sku: string; warehouse: string; set_aside: number; held: number; settled: number }[];
  provinces: { province: string; orders: number }[];
}

export type Units = [string, number][];

export interface Hit {
  rule: string;
  zh: string;
  en: string;
}

export interface Masked {
  name: string;
  phone: string;
  address: string;
}

export type ClusterKind = "address" | "phone" | "buyer" | "device";

export interface Cluster {
  kind: ClusterKind;
  key: string;
  orders: number;
}

/** An order a person decides on. */
export interface HeldOrder {
  order: string;
  campaign: string;
  state: "open" | "asked";
  /** Where the order stands: in review, or unpaid or waiting, which it stays when it is approved. */
  order_state: string;
  opened_at: number;
  expires_at: number | null;
  hits: Hit[];
  receiver: Masked;
  province: string;
  units: Units;
  paid_fen: number;
  clusters: Cluster[];
}

/** An order of a cluster, in whatever state. */
export interface ClusterOrder {
  order: string;
  channel: string;
  campaign: string;
  state: string;
  taken_at: number;
  expires_at: number | null;
  hits: Hit[];
  receiver: Masked;
  province: string;
  units: Units;
  paid_fen: number;
}

export type Decision = "approve" | "reject" | "ask";

export interface Decided {
  decided: number;
  left: { order: string; code: string; why: string }[];
}

/** Somebody not to sell to, by a keyed hash. */
export interface Blocked {
  key: string;
  kind: ClusterKind;
  note: string;
  who: string;
  at: number;
}

export interface OrderRow extends Masked {
  /** The channel's number; further parts of a split order have `.2`, `.3`, … behind it. */
  no: string;
  /** The channel's number where the order is split, else empty. */
  part_of: string;
  channel: string;
  state: string;
  warehouse: string;
  routed_because: string;
  because_zh: string;
  because_en: string;
  carrier: string;
  waybill_no: string;
  weight_g: number | null;
  lots: { sku: string; lot: string; qty: number }[];
  paid_at: number;
  ship_by: number;
  shipped_at: number | null;
  manifest: string | null;
  cancel_reason: string | null;
}

export interface OrderStory {
  order: OrderRow;
  lines: { code: string; title: string; qty: number }[];
  notes: string[];
  /** All parts of a split order, the first one first; none where it is whole. */
  parts: { order: string; state: string; warehouse: string; carrier: string; waybill_no: string; units: [string, number][] }[];
}

/** A row of a file that stays out. */
export interface RowFault {
  row: number;
  order_no: string | null;
  column: string | null;
  code: string;
  zh: string;
  en: string;
}

/** What a file would bring. */
export interface FilePreview {
  rows: number;
  orders: number;
  lines: number;
  paid_fen: number;
  waiting: { row: number; order_no: string; wait: { for: "receiver"; trust: string } | { for: "after_sale_open"; state: string } }[];
  refused: RowFault[];
  skipped: { row: number; order_no: string; sub_order_no: string | null; why: string }[];
  columns: { position: number; column: string; heading: string }[];
  unused_headings: string[];
}

/** What a file has brought. */
export interface FileTaken {
  accepted: number;
  waiting: number;
  /** Held until a person decides. */
  review: number;
  duplicates: number;
  /** Of the duplicates, those that say something else than before: by number. */
  changed: string[];
  cancelled: number;
  refused: { order_no: string; code: string; zh: string; en: string }[];
}
