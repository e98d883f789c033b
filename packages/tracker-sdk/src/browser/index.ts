export { createBrowserTracker, type BrowserTrackerOptions } from './create-browser-tracker.ts';
