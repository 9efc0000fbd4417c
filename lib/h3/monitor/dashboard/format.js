// SPDX-License-Identifier: MIT
//
// Numbers as people read them.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const digits = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

export function formatCount(n) {
  return n === null ? '–' : Math.abs(n) < 1e6 ? whole.format(n) : short.format(n);
}

export function formatRate(n) {
  return n === null ? '–' : n === 0 ? '0' : n < 100 ? digits.format(n) : n < 1e5 ? whole.format(n) : short.format(n);
}

export function formatBytes(n) {
  if (n === null)
    return '–';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let i = 0;
  for (; Math.abs(n) >= 1023.5 && i < units.length - 1; i++)
    n /= 1024;
  return `${digits.format(n)} ${units[i]}`;
}

export function formatTime(milliseconds) {
  if (milliseconds === null)
    return '–';
  if (milliseconds === 0)
    return '0';
  if (milliseconds < 1)
    return `${digits.format(milliseconds * 1000)} µs`;
  return milliseconds < 1000 ? `${digits.format(milliseconds)} ms` : `${digits.format(milliseconds / 1000)} s`;
}

export function formatShare(share) {
  return share === null ? '–' : `${share > 0.999 && share < 1 ? '99.9' : digits.format(share * 100)} %`;
}

export function formatSpan(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  const parts = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']];
  const first = parts.findIndex(([size]) => seconds >= size);
  if (first < 0)
    return '0 s';
  return parts.slice(first, first + 2).map(([size, unit], i) =>
    `${Math.floor(i === 0 ? seconds / size : seconds % parts[first][0] / size)} ${unit}`).join(' ');
}

const UNITS = { moment: n => new Date(n).toLocaleTimeString('en-GB'), bytes: formatBytes, milliseconds: formatTime, share: formatShare, rate: n => `${formatRate(n)}/s` };

/** A value of a panel, with the unit that it names. */
export function formatValue(value, unit) {
  if (typeof value !== 'number')
    return value === null ? '–' : String(value);
  if (Object.hasOwn(UNITS, unit))
    return UNITS[unit](value);
  return `${Number.isInteger(value) ? formatCount(value) : digits.format(value)}${unit ? ` ${unit}` : ''}`;
}
