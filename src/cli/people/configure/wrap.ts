import stringWidth from 'string-width';

/** The lines of a text, broken between words where they would be wider than a screen. */
export function wrapped(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const lines = [''];
    for (const word of line.split(' ')) {
      const longer = lines.at(-1) === '' ? word : `${lines.at(-1) ?? ''} ${word}`;
      if (stringWidth(longer) > width && lines.at(-1) !== '') lines.push(word);
      else lines[lines.length - 1] = longer;
    }
    return lines;
  });
}
