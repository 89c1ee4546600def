/** Signs that are said by their names: letters spelled out, digits, and the signs that stand in names of devices. */

export const LETTER_NAMES: Readonly<Record<string, string>> = {
    a: "EY",
    b: "B IY",
    c: "S IY",
    d: "D IY",
    e: "IY",
    f: "EH F",
    g: "JH IY",
    h: "EY CH",
    i: "AY",
    j: "JH EY",
    k: "K EY",
    l: "EH L",
    m: "EH M",
    n: "EH N",
    o: "OW",
    p: "P IY",
    q: "K Y UW",
    r: "AA R",
    s: "EH S",
    t: "T IY",
    u: "Y UW",
    v: "V IY",
    w: "D AH B AH L Y UW",
    x: "EH K S",
    y: "W AY",
    z: "Z IY",
};

export const DIGIT_NAMES: Readonly<Record<string, string>> = {
    "0": "Z IH R OW",
    "1": "W AH N",
    "2": "T UW",
    "3": "TH R IY",
    "4": "F AO R",
    "5": "F AY V",
    "6": "S IH K S",
    "7": "S EH V AH N",
    "8": "EY T",
    "9": "N AY N",
};

export const SIGN_NAMES: Readonly<Record<string, string>> = {
    "&": "AE N D",
    "+": "P L AH S",
    "%": "P ER S EH N T",
    "@": "AE T",
    "°": "D IH G R IY Z",
};
