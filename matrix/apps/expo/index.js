import { registerRootComponent } from "expo";
import { App } from "./app.jsx";

registerRootComponent(App);
