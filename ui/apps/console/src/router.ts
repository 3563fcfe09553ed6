// Which page an address of the console shows. A page is loaded when it is first opened.
import { createRouter, createWebHistory } from "vue-router";

export const pages = createRouter({
  history: createWebHistory("/console/"),
  routes: [
    { path: "/", redirect: "/campaigns" },
    { path: "/campaigns", component: () => import("./pages/campaigns/CampaignsPage.vue") },
    { path: "/campaigns/new", component: () => import("./pages/campaigns/PlanPage.vue") },
    { path: "/campaigns/:id", props: true, component: () => import("./pages/campaigns/CampaignPage.vue") },
    { path: "/campaigns/:id/plan", props: true, component: () => import("./pages/campaigns/PlanPage.vue") },
    { path: "/live/:id?", props: true, component: () => import("./pages/live/LivePage.vue") },
    { path: "/ledger/:id?", props: true, component: () => import("./pages/ledger/LedgerPage.vue") },
    { path: "/reviews", component: () => import("./pages/reviews/ReviewsPage.vue") },
    { path: "/orders", component: () => import("./pages/orders/OrdersPage.vue") },
    { path: "/files", component: () => import("./pages/files/FilesPage.vue") },
    { path: "/blocked", component: () => import("./pages/blocked/BlockedPage.vue") },
    { path: "/:rest(.*)*", redirect: "/campaigns" },
  ],
});
