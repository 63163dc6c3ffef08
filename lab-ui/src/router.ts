import { createRouter, createWebHashHistory } from "vue-router";
import ScenariosPage from "./pages/ScenariosPage.vue";

/** Addresses behind a hash, so that the built page works from a file server that knows nothing of them. */
export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: "/", component: ScenariosPage },
    { path: "/edit/:scenario", component: () => import("./pages/EditorPage.vue") },
    { path: "/run/:scenario", component: () => import("./pages/RunPage.vue") },
    { path: "/runs", component: () => import("./pages/RunsPage.vue") },
    { path: "/recorded/:name", component: () => import("./pages/RecordedPage.vue") },
    { path: "/compare", component: () => import("./pages/ComparePage.vue") },
    { path: "/monte-carlo", component: () => import("./pages/MonteCarloPage.vue") },
    { path: "/testnets", component: () => import("./pages/TestnetsPage.vue") },
    { path: "/testnets/:name", component: () => import("./pages/TestnetPage.vue") },
    { path: "/rehearsals", component: () => import("./pages/RehearsalsPage.vue") },
    { path: "/rehearsals/:name", component: () => import("./pages/RehearsalPage.vue") },
    { path: "/:rest(.*)*", redirect: "/" },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
});
