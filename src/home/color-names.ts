/** Colours by their names: the CSS Color Module's (level 4, §6.1) and those that people say at home. */
import type { Color } from "./model";

/** A colour as a lamp can be told it; for whites also as a colour temperature, which most lamps do better. */
export interface NamedColor {
    readonly color: Color;
    readonly kelvin?: number;
}

/**
 * Case, spaces, hyphens and the two spellings of grey make no difference ("Light Sky-Blue" is "lightskyblue").
 * Undefined for a name that is not a colour.
 */
export function namedColor(name: string): NamedColor | undefined {
    if (name.length > 60) return undefined;
    const key = name
        .toLowerCase()
        .replace(/[^a-z]/g, "")
        .replaceAll("grey", "gray");
    const rgb = CSS_COLORS.get(key) ?? EVERYDAY_COLORS.get(key);
    const kelvin = WHITES.get(key);
    if (rgb === undefined && kelvin === undefined) return undefined;
    return { color: colorOf(rgb ?? 0xffffff), ...(kelvin !== undefined && { kelvin }) };
}

/** Every name that `namedColor` knows in the form it looks them up, for the lists of the grammar. */
export function colorNames(): readonly string[] {
    return [...new Set([...CSS_COLORS.keys(), ...EVERYDAY_COLORS.keys(), ...WHITES.keys()])];
}

/** Hue and saturation of the HSV model (Smith 1978); the value is left to the brightness of the lamp. */
export function colorOf(rgb: number): Color {
    const [red, green, blue] = [(rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255] as const;
    const max = Math.max(red, green, blue);
    const chroma = max - Math.min(red, green, blue);
    if (chroma === 0) return { hueDegrees: 0, saturationPercent: 0 };
    const sextant =
        max === red
            ? ((green - blue) / chroma + 6) % 6
            : max === green
              ? (blue - red) / chroma + 2
              : (red - green) / chroma + 4;
    return { hueDegrees: Math.round(sextant * 60) % 360, saturationPercent: Math.round((chroma / max) * 100) };
}

/** Kelvin of the whites that are sold by name. */
const WHITES: ReadonlyMap<string, number> = new Map([
    ["white", 4000],
    ["candlelight", 2000],
    ["warmwhite", 2700],
    ["softwhite", 2700],
    ["warm", 2700],
    ["neutralwhite", 4000],
    ["neutral", 4000],
    ["coolwhite", 5000],
    ["coldwhite", 6500],
    ["cool", 5000],
    ["cold", 6500],
    ["daylight", 6500],
]);

/** What CSS has no word for, or means another colour by than people do. */
const EVERYDAY_COLORS: ReadonlyMap<string, number> = table(`
    amber ffbf00 apricot fbceb1 aubergine 472c4c burgundy 800020 cerise de3163 cherry d2042d cobalt 0047ab copper b87333
    cream fffdd0 emerald 50c878 jade 00a86b lemon fff44f lilac c8a2c8 mauve e0b0ff mint 3eb489 mustard ffdb58
    ocher cc7722 ochre cc7722 peach ffe5b4 petrol 005f6a rose ff007f ruby e0115f rust b7410e sapphire 0f52ba
    scarlet ff2400 skyblue 87ceeb turquoiseblue 00ffef ultramarine 3f00ff vermilion e34234 darkpink e75480
    darkpurple 301934 lightpurple cbc3e3 lightorange ffd580 lightred ff7f7f lightviolet cf9fff darkyellow 9b870c
    darkbrown 5c4033 lightbrown c4a484 electricblue 7df9ff babyblue 89cff0 neongreen 39ff14
`);

const CSS_COLORS: ReadonlyMap<string, number> = table(`
    aliceblue f0f8ff antiquewhite faebd7 aqua 00ffff aquamarine 7fffd4 azure f0ffff beige f5f5dc bisque ffe4c4
    black 000000 blanchedalmond ffebcd blue 0000ff blueviolet 8a2be2 brown a52a2a burlywood deb887 cadetblue 5f9ea0
    chartreuse 7fff00 chocolate d2691e coral ff7f50 cornflowerblue 6495ed cornsilk fff8dc crimson dc143c cyan 00ffff
    darkblue 00008b darkcyan 008b8b darkgoldenrod b8860b darkgray a9a9a9 darkgreen 006400 darkkhaki bdb76b
    darkmagenta 8b008b darkolivegreen 556b2f darkorange ff8c00 darkorchid 9932cc darkred 8b0000 darksalmon e9967a
    darkseagreen 8fbc8f darkslateblue 483d8b darkslategray 2f4f4f darkturquoise 00ced1 darkviolet 9400d3
    deeppink ff1493 deepskyblue 00bfff dimgray 696969 dodgerblue 1e90ff firebrick b22222 floralwhite fffaf0
    forestgreen 228b22 fuchsia ff00ff gainsboro dcdcdc ghostwhite f8f8ff gold ffd700 goldenrod daa520 gray 808080
    green 008000 greenyellow adff2f honeydew f0fff0 hotpink ff69b4 indianred cd5c5c indigo 4b0082 ivory fffff0
    khaki f0e68c lavender e6e6fa lavenderblush fff0f5 lawngreen 7cfc00 lemonchiffon fffacd lightblue add8e6
    lightcoral f08080 lightcyan e0ffff lightgoldenrodyellow fafad2 lightgray d3d3d3 lightgreen 90ee90 lightpink ffb6c1
    lightsalmon ffa07a lightseagreen 20b2aa lightskyblue 87cefa lightslategray 778899 lightsteelblue b0c4de
    lightyellow ffffe0 lime 00ff00 limegreen 32cd32 linen faf0e6 magenta ff00ff maroon 800000 mediumaquamarine 66cdaa
    mediumblue 0000cd mediumorchid ba55d3 mediumpurple 9370db mediumseagreen 3cb371 mediumslateblue 7b68ee
    mediumspringgreen 00fa9a mediumturquoise 48d1cc mediumvioletred c71585 midnightblue 191970 mintcream f5fffa
    mistyrose ffe4e1 moccasin ffe4b5 navajowhite ffdead navy 000080 oldlace fdf5e6 olive 808000 olivedrab 6b8e23
    orange ffa500 orangered ff4500 orchid da70d6 palegoldenrod eee8aa palegreen 98fb98 paleturquoise afeeee
    palevioletred db7093 papayawhip ffefd5 peachpuff ffdab9 peru cd853f pink ffc0cb plum dda0dd powderblue b0e0e6
    purple 800080 rebeccapurple 663399 red ff0000 rosybrown bc8f8f royalblue 4169e1 saddlebrown 8b4513 salmon fa8072
    sandybrown f4a460 seagreen 2e8b57 seashell fff5ee sienna a0522d silver c0c0c0 skyblue 87ceeb slateblue 6a5acd
    slategray 708090 snow fffafa springgreen 00ff7f steelblue 4682b4 tan d2b48c teal 008080 thistle d8bfd8
    tomato ff6347 turquoise 40e0d0 violet ee82ee wheat f5deb3 whitesmoke f5f5f5 yellow ffff00 yellowgreen 9acd32
`);

/** Pairs of a name and six hexadecimal digits, as CSS writes them. */
function table(text: string): ReadonlyMap<string, number> {
    const words = text.trim().split(/\s+/);
    return new Map(
        words.flatMap((name, index) => (index % 2 ? [] : [[name, Number.parseInt(words[index + 1] ?? "", 16)]])),
    );
}
