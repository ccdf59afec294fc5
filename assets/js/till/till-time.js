// Days and hours in Jember, which has no summer time, and how long ago something was.
import { hour, say } from "./field-page.js";

const JEMBER = 7 * 3600_000;
const DAY = 24 * 3600_000;
const MONTHS = 12;

export const day = (moment) => new Date(moment + JEMBER).toISOString().slice(0, 10);
export const startOf = (text) => Date.parse(`${text}T00:00:00Z`) - JEMBER;
export const plusDays = (text, n) => new Date(Date.parse(`${text}T00:00:00Z`) + n * DAY).toISOString().slice(0, 10);

const month = (n) => say("months").split(" ")[n % MONTHS];
export function inWords(text) {
  const [, m, d] = text.split("-").map(Number);
  return `${d} ${month(m - 1)}`;
}

// "28 Nov 07.10"
export function moment(at) {
  const time = hour(at).split(" ").at(-1);
  return `${inWords(day(at))} ${time}`;
}

export const daysAgo = (at, now) => Math.max(0, Math.round((startOf(day(now)) - startOf(day(at))) / DAY));
export function ago(at, now) {
  const n = daysAgo(at, now);
  return n === 0 ? say("ago_today") : n === 1 ? say("ago_yesterday") : say("ago_days", { n });
}
