import { createRouter, createWebHashHistory } from "vue-router";
import ScenariosPage from "./pages/ScenariosPage.vue";

/** Addresses behind a hash, so that the built page works from a file server that knows nothing of them. */
export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: "/", component: ScenariosPage },
    { path: "/run/:scenario", component: () => import("./pages/RunPage.vue") },
    { path: "/:rest(.*)*", redirect: "/" },
  ],
});
