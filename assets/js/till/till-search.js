// Finds goods while one types, also with a letter wrong: "brs", "minyk", "gla".
const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
export const words = (text) => fold(text).split(/[^a-z0-9]+/).filter(Boolean);

// Whether a word begins another one, give or take one letter that is wrong, missing, too much or in another order.
function begins(typed, word) {
  if (word.includes(typed)) return true;
  if (typed.length < 3) return false;
  for (const length of [typed.length - 1, typed.length, typed.length + 1]) {
    if (length <= word.length && is_near(typed, word.slice(0, length))) return true;
  }
  // Vowels are what is left out first.
  return word.replace(/[aeiou]/g, "").startsWith(typed) && typed.length > 2;
}

function is_near(a, b) {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at += 1;
  const [x, y] = [a.slice(at), b.slice(at)];
  return x.slice(1) === y.slice(1) || x === y.slice(1) || x.slice(1) === y
    || (x.length > 1 && x[0] === y[1] && x[1] === y[0] && x.slice(2) === y.slice(2));
}

export const fits = (typed, found) => typed.every((one) => found.some((word) => begins(one, word)));
