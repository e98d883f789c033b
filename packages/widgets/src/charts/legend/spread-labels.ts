/**
 * Moves labels apart that would overlap, keeping their order and staying within the picture. When there are too many
 * for the distance, they share what room there is.
 *
 * @param wanted the wished heights, from top to bottom.
 * @param distance the smallest distance between two labels.
 * @param bounds the highest and the lowest place.
 */
export function spreadLabels(
  wanted: readonly number[],
  distance: number,
  bounds: readonly [top: number, bottom: number],
): readonly number[] {
  const [top, bottom] = bounds;
  const step = Math.min(distance, (bottom - top) / Math.max(1, wanted.length - 1));
  const pushedDown = wanted.reduce<number[]>((places, place) => {
    const above = places.at(-1);
    return [...places, Math.max(place, above === undefined ? top : above + step)];
  }, []);
  return pushedDown.reduceRight<number[]>((places, place) => {
    const below = places[0];
    return [Math.min(place, below === undefined ? bottom : below - step), ...places];
  }, []);
}
