// A page of orders, as the station would answer it.
import type { OrderPage } from "@liangcang/contract";
import { GOODS, NOW } from "./views.ts";

const RECEIVERS = ["王*", "欧阳**", "李**", "张*", "阿依***", "赵**"] as const;
const GOODS_OF = [
  "秋收尝鲜礼包 ×1、手工挂面礼盒 1.8kg ×1",
  `${GOODS.rice5.name} ×2`,
  `${GOODS.rapeseed.name} ×1、${GOODS.sesame.name} ×2`,
  `${GOODS.rice10.name} ×1`,
] as const;

export const ORDERS: OrderPage = {
  more: true,
  orders: Array.from({ length: 24 }, (_, at) => ({
    order: `69293746102857${34_100 + at * 17}`,
    state: "ready" as const,
    carrier: at % 3 === 0 ? "SF" : "ZTO",
    receiver: RECEIVERS[at % RECEIVERS.length] ?? "",
    goods: GOODS_OF[at % GOODS_OF.length] ?? "",
    ship_by_ms: NOW + (85 + at * 7) * 60_000,
    gross_g: null,
  })),
};
