export { type DiscoveredService, MdnsBrowser, type MdnsBrowserEvents, type MdnsBrowserOptions } from "./browser";
export { type Clock, systemClock } from "./clock";
export type { Finding, FindingCode } from "./diagnosis";
export {
    type LocalAddress,
    loopbackInterfaces,
    type MulticastSocket,
    type Network,
    type Sender,
    systemNetwork,
} from "./network";
