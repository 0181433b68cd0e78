// In place of the native modules that Expo's plugin imports, which exist on a device only: the app's state and its network are
// what the test says.
const listeners = { state: new Set(), network: new Set() };
const subscribe = (to, listener) => (to.add(listener), { remove: () => to.delete(listener) });

export const Platform = { OS: "ios" };
export const AppState = { addEventListener: (_, listener) => subscribe(listeners.state, listener) };
export const addNetworkStateListener = (listener) => subscribe(listeners.network, listener);
export const createURL = (path, { scheme }) => `${scheme}://${path}`;
export default { expoConfig: { scheme: "better-session" } };

/** Tells the app that it is in the foreground or not. */
export const becomes = (state) => listeners.state.forEach((listener) => listener(state));

/** Tells the app that it is online or not. */
export const connects = (isInternetReachable) => listeners.network.forEach((listener) => listener({ isInternetReachable }));

/** Returns how many listeners there are. */
export const listening = () => listeners.state.size + listeners.network.size;
