// Every question the console asks the server, by name.
import { get, post, put, remove, upload } from "./call";
import type {
  Blocked,
  ClusterKind,
  ClusterOrder,
  Decided,
  Decision,
  FilePreview,
  FileTaken,
  Goods,
  HeldOrder,
  Ledger,
  Limits,
  Listed,
  Meter,
  OrderRow,
  OrderStory,
  Plan,
  Publishable,
  Rules,
  StockChange,
  Story,
} from "./types";

const of = (id: string): string => `/api/campaigns/${encodeURIComponent(id)}`;

/** The question part of an address; what is empty is left out. */
export function asked(values: Record<string, string>): string {
  const given = Object.entries(values).filter(([, value]) => value !== "");
  return given.length > 0 ? `?${new URLSearchParams(given)}` : "";
}

export const campaigns = {
  list: async (): Promise<Listed[]> => (await get<{ campaigns: Listed[] }>("/api/campaigns")).campaigns,
  one: (id: string): Promise<Story> => get(of(id)),
  plan: (plan: Plan): Promise<Story> => post("/api/campaigns", plan),
  replan: (plan: Plan): Promise<Story> => put(of(plan.id), plan),
  act: (id: string, act: "arm" | "start" | "close"): Promise<Story> => post(`${of(id)}/${act}`),
  changeStock: (id: string, changes: StockChange[]): Promise<Story> => post(`${of(id)}/stock`, { changes }),
  setRules: (id: string, rules: Rules): Promise<Story> => put(`${of(id)}/rules`, rules),
  setLimits: (id: string, limits: Limits): Promise<Story> => put(`${of(id)}/limits`, limits),
  ledger: (id: string): Promise<Ledger> => get(`${of(id)}/ledger`),
  meter: (id: string, since: number): Promise<Meter> => get(`${of(id)}/meter?since=${since}`),
  /** What each channel may show for sale; an empty channel is everybody. */
  publishable: async (id: string): Promise<Publishable[]> => (await get<{ channels: Publishable[] }>(`${of(id)}/stock`)).channels,
  goods: (): Promise<Goods> => get("/api/planning"),
};

/** Orders that are decided on together: a few by number, or all of a cluster. */
export type ToDecide = { orders: string[] } | { cluster: { kind: string; key: string; campaign: string } };

export const reviews = {
  list: (campaign: string): Promise<{ reviews: HeldOrder[]; total: number }> => get(`/api/reviews${asked({ campaign })}`),
  cluster: async (kind: string, key: string, campaign: string): Promise<ClusterOrder[]> =>
    (await get<{ orders: ClusterOrder[] }>(`/api/clusters/${kind}/${key}${asked({ campaign })}`)).orders,
  decide: (which: ToDecide, decision: Decision): Promise<Decided> => post("/api/reviews/decide", { ...which, decision }),
};

/** Whom to block: whoever made an order, or a value, which of a buyer is one of a channel. */
export type ToBlock = { kind: ClusterKind; note: string } & ({ order: string } | { value: string; channel?: string });

export const blocked = {
  list: async (): Promise<Blocked[]> => (await get<{ blocked: Blocked[] }>("/api/blocked")).blocked,
  block: (whom: ToBlock): Promise<Omit<Blocked, "at">> => post("/api/blocked", whom),
  unblock: (key: string): Promise<void> => remove(`/api/blocked/${key}`),
};

export const orders = {
  list: (wanted: { phone: string; state: string; campaign: string; after: string }): Promise<OrderRow[]> =>
    get(`/api/orders${asked(wanted)}`),
  one: (no: string): Promise<OrderStory> => get(`/api/orders/${encodeURIComponent(no)}`),
};

export const files = {
  mappings: async (): Promise<string[]> => (await get<{ mappings: string[] }>("/api/import/mappings")).mappings,
  preview: async (file: Blob, mapping: string): Promise<FilePreview> =>
    (await upload<{ preview: FilePreview }>(`/api/import/orders/preview${asked({ mapping })}`, file)).preview,
  take: (file: Blob, mapping: string): Promise<{ preview: FilePreview; taken: FileTaken }> =>
    upload(`/api/import/orders${asked({ mapping })}`, file),
};
