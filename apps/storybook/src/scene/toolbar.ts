import type { GlobalTypes } from 'storybook/internal/csf';

/** What the toolbar sets for every story. */
export interface ToolbarValues {
  readonly theme: 'light' | 'dark';
  readonly direction: 'ltr' | 'rtl';
  readonly width: 'full' | 'card' | 'narrow';
  readonly reader: 'operator' | 'customer';
  readonly locale: string;
}

const initial: ToolbarValues = {
  theme: 'light',
  direction: 'ltr',
  width: 'full',
  reader: 'operator',
  locale: 'en-US',
};

const types: GlobalTypes = {
  theme: {
    description: 'Light or dark page',
    toolbar: {
      icon: 'mirror',
      dynamicTitle: true,
      items: [
        { value: 'light', title: 'Light' },
        { value: 'dark', title: 'Dark' },
      ],
    },
  },
  direction: {
    description: 'Direction of the script',
    toolbar: {
      icon: 'transfer',
      dynamicTitle: true,
      items: [
        { value: 'ltr', title: 'Left to right' },
        { value: 'rtl', title: 'Right to left' },
      ],
    },
  },
  width: {
    description: 'Room that the host gives the widget',
    toolbar: {
      icon: 'expand',
      dynamicTitle: true,
      items: [
        { value: 'full', title: 'Full width' },
        { value: 'card', title: 'Card, 420 px' },
        { value: 'narrow', title: 'Narrow, 280 px' },
      ],
    },
  },
  reader: {
    description: 'Who is looking',
    toolbar: {
      icon: 'user',
      dynamicTitle: true,
      items: [
        { value: 'operator', title: 'Operator' },
        { value: 'customer', title: 'Customer admin' },
      ],
    },
  },
  locale: {
    description: 'Numbers and dates',
    toolbar: {
      icon: 'globe',
      dynamicTitle: true,
      items: [
        { value: 'en-US', title: 'English (US)' },
        { value: 'de-DE', title: 'German' },
        { value: 'ja-JP', title: 'Japanese' },
        { value: 'ar-EG', title: 'Arabic (Egypt)' },
      ],
    },
  },
};

/** The toolbar's switches and where they stand at first. */
export const toolbar = { types, initial };

/** Widths in pixels; null for all there is. */
export const widths: Readonly<Record<ToolbarValues['width'], number | null>> = {
  full: null,
  card: 420,
  narrow: 280,
};
