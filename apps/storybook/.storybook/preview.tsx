import type { Preview } from '@storybook/react-vite';
import '@tallykit/widgets/theme.css';
import { describeComponent } from '../src/scene/describe-component.ts';
import { withSurroundings } from '../src/scene/with-surroundings.tsx';
import { toolbar } from '../src/scene/toolbar.ts';

const preview: Preview = {
  tags: ['autodocs'],
  decorators: [withSurroundings],
  globalTypes: toolbar.types,
  initialGlobals: toolbar.initial,
  parameters: {
    layout: 'fullscreen',
    docs: { extractComponentDescription: describeComponent },
    controls: { expanded: true, sort: 'requiredFirst' },
    options: { storySort: { order: ['Start here', 'Widgets', 'Panels'] } },
  },
};

export default preview;
