export { createRelay, type RelayOptions } from './create-relay.ts';
