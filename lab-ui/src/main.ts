import { createApp } from "vue";
import App from "./App.vue";
import { router } from "./router.ts";
import "@fontsource-variable/inter";
import "./style/tokens.css";
import "./style/page.css";

createApp(App).use(router).mount("#app");
