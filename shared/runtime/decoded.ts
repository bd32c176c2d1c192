/** A part of a path that clients may have encoded once more than the gateway decodes; what is no encoding stays. */
export const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
