/** One spelling for what recognisers spell differently: small letters without accents, "ss" for "ß". */
export function folded(word: string): string {
    const small = word.toLowerCase();
    if (isAscii(small)) return small;
    return small.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ß", "ss");
}

function isAscii(text: string): boolean {
    for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
    return true;
}
