// Where the bars of a chart stand, in the picture's own units.

export interface PlacedBar {
  x: number;
  y: number;
  width: number;
  height: number;
  isOver: boolean;
}

export interface BarPlaces {
  bars: PlacedBar[];
  /// Where the line of the cap is; null without one.
  capY: number | null;
}

export function placeBars(values: readonly number[], cap: number, width: number, height: number): BarPlaces {
  const most = Math.max(cap, ...values, 0) * 1.05 || 1;
  const y = (value: number) => height * (1 - value / most);
  const broad = width / Math.max(1, values.length);
  return {
    bars: values.map((value, index) => ({
      x: broad * (index + 0.1),
      y: y(value),
      width: broad * 0.8,
      height: height - y(value),
      isOver: cap > 0 && value > cap,
    })),
    capY: cap > 0 ? y(cap) : null,
  };
}
