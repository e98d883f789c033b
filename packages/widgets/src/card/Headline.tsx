import type { MoneyPart } from '../format/money.ts';

interface HeadlineProps {
  readonly parts: readonly MoneyPart[];
  readonly large?: boolean;
}

/** How much room a headline needs, in steps that the style sheet knows; no inline style is needed for it. */
function lengthClass(length: number): string {
  if (length <= 9) return 'tk-headline-short';
  if (length <= 12) return 'tk-headline-medium';
  return length <= 16 ? 'tk-headline-long' : 'tk-headline-longest';
}

/** The answer, with all its digits. Its fraction is set smaller, and a long amount as a whole. */
export function Headline({ parts, large = false }: HeadlineProps) {
  const length = parts.reduce((sum, part) => sum + part.text.length, 0);
  return (
    <div className={`tk-headline ${lengthClass(length)}${large ? ' tk-headline-large' : ''}`}>
      {parts.map((part, index) => (
        <span key={index} className={part.fraction ? 'tk-fraction' : undefined}>
          {part.text}
        </span>
      ))}
    </div>
  );
}
