/** What an option is about, without what it costs and how it is written. */
export function firstSentence(text: string): string {
  return sentencesIn(text)[0] ?? '';
}

/** What an option is about, what it means to leave it empty, and what it costs. */
export function summary(text: string): string {
  return sentencesIn(text)
    .filter((sentence, index) => index === 0 || /^Empty:|\bcosts?\b/i.test(sentence))
    .join(' ');
}

/** Words for a shell, so that it takes each as it is. */
export function shellWords(words: readonly string[]): string {
  return words.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

function sentencesIn(text: string): readonly string[] {
  return text.match(/.+?[.](?= |$)/g)?.map((sentence) => sentence.trim()) ?? [text];
}

/** Of a word that no shell would change. */
const PLAIN = /^[\w@%+=:,./-]+$/;
