// The names of goods and warehouses, asked once a page.
import { computed } from "vue";
import type { ComputedRef } from "vue";
import { campaigns } from "./api/server";
import type { Goods } from "./api/types";
import { polled } from "./polled";
import type { Polled } from "./polled";

/** What a code or an id is called; the id itself where nobody knows it. */
export interface Named {
  goods: Polled<Goods>;
  nameOf: ComputedRef<(code: string) => string>;
  placeOf: ComputedRef<(warehouse: string) => string>;
}

export function namedGoods(): Named {
  const goods = polled(campaigns.goods, 0);
  const names = computed(() => new Map([...(goods.data.value?.skus ?? []), ...(goods.data.value?.bundles ?? [])].map(({ id, name }) => [id, name])));
  const places = computed(() => new Map((goods.data.value?.warehouses ?? []).map(({ id, name }) => [id, name])));
  return {
    goods,
    nameOf: computed(() => (code: string) => names.value.get(code) ?? code),
    placeOf: computed(() => (warehouse: string) => places.value.get(warehouse) ?? warehouse),
  };
}
