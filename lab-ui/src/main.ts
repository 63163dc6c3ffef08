import { createApp } from "vue";
import App from "./App.vue";
import { router } from "./router.ts";
import "@fontsource-variable/inter";
import { takeToken } from "./state/token.ts";
import "./style/tokens.css";
import "./style/page.css";

takeToken();
createApp(App).use(router).mount("#app");
