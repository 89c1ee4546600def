/**
 * Personal data of people who don't exist: made by the rules of each kind, with check digits of its own reckoning, so that
 * the detector's are checked too.
 */
import type { Chance } from "./random";
import { inFrenchPairs, saidAddress, saidNumber, spelled, type Tongue } from "./said";

type Make = (chance: Chance, tongue: Tongue) => string;

const PHONES: Readonly<Record<Tongue, readonly string[]>> = {
    en: [
        "07700 900###",
        "020 7946 0###",
        "+44 7911 1#####",
        "(212) 736-5###",
        "415-863-2###",
        "+1 312 944 7###",
        "0161 496 0###",
        "+44 (0)20 7946 0###",
    ],
    de: [
        "0151 2345####",
        "0171/234####",
        "030 22730###",
        "+49 89 2180 ####",
        "089 2180-###",
        "+43 1 58801 ####",
        "0176 5512####",
        "0049 40 428 ####",
    ],
    fr: ["06 12 ## ## ##", "01 42 ## ## ##", "+33 6 23 ## ## ##", "07.81.##.##.##", "0478####12", "+32 2 51# ## ##"],
    es: ["612 34# ###", "91 521 ## ##", "+34 654 ## ## ##", "93 402 ####", "7111#####", "622-11-##-##"],
};

export const phone: Make = (chance, tongue) => {
    const written = chance.digits(chance.pick(PHONES[tongue]));
    if (chance.next() < 0.5) return written;
    const plain = written.replace("(0)", "");
    const isPairs = tongue === "fr" && plain.startsWith("0") && chance.next() < 0.7;
    return isPairs ? inFrenchPairs(plain.replace(/\D/g, "")) : spelled(plain, tongue, chance);
};

const MAILBOXES = [
    "j.fairweather",
    "wilma-kruse",
    "office42",
    "paolo_bianchi",
    "tmarlow",
    "zoe.k",
    "m.ostrander",
    "info",
    "kai77",
    "lamaison.verte",
    "ruiz.perez",
];
const DOMAINS = [
    "posteo.de",
    "orange.fr",
    "example.com",
    "mail.co.uk",
    "familie-sommer.net",
    "correo.es",
    "brightwater.org",
    "gmx.at",
    "proton.me",
    "gmail.com",
];

export const email: Make = (chance, tongue) => {
    const written = `${chance.pick(MAILBOXES)}@${chance.pick(DOMAINS)}`;
    return chance.next() < 0.5 ? written : saidAddress(written, tongue);
};

export const iban: Make = (chance, tongue) => {
    const patterns: Readonly<Record<Tongue, string>> = { en: "GB", de: "DE", fr: "FR", es: "ES" };
    const country = patterns[tongue];
    const account = chance.digits(
        tongue === "fr"
            ? "#######################"
            : tongue === "de"
              ? "##################"
              : tongue === "es"
                ? "####################"
                : "##############",
    );
    const bank = tongue === "en" ? chance.pick(["NWBK", "BARC", "LOYD", "MIDL"]) : "";
    const rest = bank + account;
    const numeric = Array.from(`${rest}${country}00`, (character) => Number.parseInt(character, 36)).join("");
    const check = String(98n - (BigInt(numeric) % 97n)).padStart(2, "0");
    const whole = country + check + rest;
    const roll = chance.next();
    if (roll < 0.4) return whole.replace(/(.{4})(?=.)/g, "$1 ");
    return roll < 0.7 ? whole : spelled(whole, tongue, chance);
};

export const card: Make = (chance, tongue) => {
    const begun = chance.digits(
        chance.pick(["4##############", "51#############", "53#############", "37############", "6011###########"]),
    );
    const digits = begun + [..."0123456789"].find((last) => luhnSum(begun + last) % 10 === 0);
    const roll = chance.next();
    if (roll < 0.4 && digits.length === 16) return digits.replace(/(.{4})(?=.)/g, "$1 ");
    if (roll < 0.5 && digits.length === 16) return digits.replace(/(.{4})(?=.)/g, "$1-");
    return roll < 0.7 ? digits : spelled(digits, tongue, chance);
};

function luhnSum(digits: string): number {
    const values = Array.from(digits).reverse().map(Number);
    return values.reduce(
        (sum, value, at) => sum + (at % 2 === 0 ? value : Math.floor((value * 2) / 10) + ((value * 2) % 10)),
        0,
    );
}

export const id: Make = (chance, tongue) => {
    const written = ID_OF[tongue](chance);
    return chance.next() < 0.6 ? written : spelled(written, tongue, chance);
};

const ID_OF: Readonly<Record<Tongue, (chance: Chance) => string>> = {
    en: (chance) =>
        chance.next() < 0.5
            ? `${chance.int(100, 665)}-${chance.int(10, 99)}-${chance.int(1000, 9999)}`
            : `${chance.letters(1, "ABCEHJLMPRSW")}${chance.letters(1, "ABCEHJLMPRSX")} ${chance.digits("## ## ##")} ${chance.letters(1, "ABCD")}`,
    de: (chance) => (chance.next() < 0.5 ? steuerId(chance) : ausweis(chance)),
    fr: (chance) => {
        const number = `${chance.int(1, 2)}${chance.digits("##")}${String(chance.int(1, 12)).padStart(2, "0")}${chance.int(10, 95)}${chance.digits("######")}`;
        return `${number}${String(97n - (BigInt(number) % 97n)).padStart(2, "0")}`.replace(
            /^(.)(..)(..)(..)(...)(...)(..)$/,
            "$1 $2 $3 $4 $5 $6 $7",
        );
    },
    es: (chance) => {
        const isForeign = chance.next() < 0.4;
        const lead = chance.int(0, 2);
        const digits = chance.digits(isForeign ? "#######" : "%#######");
        const letter = "TRWAGMYFPDXBNJZSQVHLCKE".charAt(Number(isForeign ? `${lead}${digits}` : digits) % 23);
        return `${isForeign ? "XYZ".charAt(lead) : ""}${digits}${letter}`;
    },
};

function steuerId(chance: Chance): string {
    const pool = Array.from("0123456789")
        .sort(() => chance.next() - 0.5)
        .slice(0, 9);
    pool.splice(chance.int(1, 8), 0, chance.pick(pool));
    if (pool[0] === "0") pool.reverse();
    if (pool[0] === "0") return steuerId(chance);
    let product = 10;
    for (const digit of pool) {
        const sum = (Number(digit) + product) % 10;
        product = ((sum === 0 ? 10 : sum) * 2) % 11;
    }
    const check = 11 - product;
    return `${pool.join("")}${check === 10 ? 0 : check}`.replace(/^(..)(...)(...)(...)$/, "$1 $2 $3 $4");
}

function ausweis(chance: Chance): string {
    const number = `L${chance.letters(8, "CFGHJKLMNPRTVWXYZ0123456789")}`;
    const sum = Array.from(number).reduce(
        (total, character, at) => total + Number.parseInt(character, 36) * ([7, 3, 1][at % 3] ?? 0),
        0,
    );
    return `${number}${sum % 10}`;
}

const MONTHS: Readonly<Record<Tongue, readonly string[]>> = {
    en: ["January", "March", "May", "July", "October", "December"],
    de: ["Januar", "März", "Mai", "Juli", "Oktober", "Dezember"],
    fr: ["janvier", "mars", "mai", "juillet", "octobre", "décembre"],
    es: ["enero", "marzo", "mayo", "julio", "octubre", "diciembre"],
};

export const birth: Make = (chance, tongue) => {
    const [day, month, year] = [chance.int(1, 28), chance.int(1, 12), chance.int(1935, 2019)];
    const two = (value: number) => String(value).padStart(2, "0");
    const named = chance.pick(MONTHS[tongue]);
    switch (chance.int(0, 3)) {
        case 0:
            return tongue === "de" ? `${day}.${month}.${year}` : `${two(day)}/${two(month)}/${year}`;
        case 1:
            return `${year}-${two(month)}-${two(day)}`;
        case 2:
            return {
                en: `${named} ${day}, ${year}`,
                de: `${day}. ${named} ${year}`,
                fr: `${day} ${named} ${year}`,
                es: `${day} de ${named} de ${year}`,
            }[tongue];
        default:
            return saidDate(day, named, year, tongue);
    }
};

function saidDate(day: number, month: string, year: number, tongue: Tongue): string {
    const ending = saidNumber(Math.max(1, year % 100), tongue);
    switch (tongue) {
        case "en":
            return `${["first", "second", "third", "fourth", "fifth"][day % 5]} of ${month.toLowerCase()} nineteen ${ending}`;
        case "de":
            return `${["ersten", "zweiten", "dritten", "vierten", "fünften"][day % 5]} ${month} neunzehnhundert${ending}`;
        case "fr":
            return `${saidNumber(day, "fr")} ${month} mille neuf cent ${ending}`;
        case "es":
            return `${saidNumber(day, "es")} de ${month} de mil novecientos ${ending}`;
    }
}

const STREETS: Readonly<Record<Tongue, readonly string[]>> = {
    en: [
        "Larkspur Road",
        "Old Kiln Lane",
        "Wellington Street",
        "Fifth Avenue",
        "Quarry View Terrace",
        "St Aldates Crescent",
        "Sycamore Boulevard",
        "Mill Race Road",
    ],
    de: [
        "Lindenstraße",
        "Goethestraße",
        "Hopfengasse",
        "Lange Straße",
        "Rotdornallee",
        "Kastanienweg",
        "Bahnhofstraße",
        "Schillerplatz",
    ],
    fr: [
        "rue des Lilas",
        "avenue Jean Jaurès",
        "boulevard Voltaire",
        "chemin du Moulin",
        "rue Pasteur",
        "impasse des Cerisiers",
        "allée de la Tour",
        "quai Branly",
    ],
    es: [
        "calle Mayor",
        "calle de Alcalá",
        "avenida de la Constitución",
        "calle Gran Capitán",
        "travesía del Olmo",
        "carretera de Burgos",
        "avenida Diagonal",
        "calle del Prado",
    ],
};
const TOWNS: Readonly<Record<Tongue, readonly string[]>> = {
    en: ["Leeds LS1 4DY", "Springfield, IL 62704", "Norwich NR2 3EQ"],
    de: ["10115 Berlin", "20095 Hamburg", "80331 München"],
    fr: ["75011 Paris", "69003 Lyon", "31000 Toulouse"],
    es: ["28013 Madrid", "08007 Barcelona", "41004 Sevilla"],
};

export const address: Make = (chance, tongue) => {
    const street = chance.pick(STREETS[tongue]);
    const isSaid = chance.next() < 0.4;
    const value = chance.int(1, 98);
    const number = isSaid
        ? saidNumber(value, tongue)
        : String(value) + (chance.next() < 0.1 && tongue === "de" ? "b" : "");
    const place = {
        en: `${number} ${street}`,
        de: `${street} ${number}`,
        fr: `${number} ${street}`,
        es: `${street} ${isSaid ? number : chance.pick([number, `número ${number}`])}`,
    }[tongue];
    if (isSaid) return chance.next() < 0.6 ? place.toLowerCase() : place;
    return chance.next() < 0.4 ? `${place}, ${chance.pick(TOWNS[tongue])}` : place;
};

export const digits: Make = (chance, tongue) => {
    if (chance.next() < 0.6)
        return spelled(chance.digits(chance.pick(["####", "%###", "#####", "######"])), tongue, chance);
    return chance.digits(chance.pick(["%###", "%#####", "####"]));
};

/** By how common they are among those born from 1950 to 2015, not by what the detector knows. */
const FIRST: Readonly<Record<Tongue, string>> = {
    en: "Emma Oliver George Amelia Noah Sophie Jack Emily Thomas Jessica Daniel Lauren Matthew Rebecca Andrew Claire Paul Susan David Karen Steven Linda Michael Barbara Kevin Laura Ryan Megan Brian Rachel",
    de: "Lena Paul Emma Jonas Anna Lukas Laura Tim Julia Jan Stefanie Daniel Sabine Andreas Petra Michael Monika Klaus Ursula Hans Birgit Thomas Susanne Peter Martina Jürgen Katharina Felix Maximilian Hannah",
    fr: "Emma Lucas Léa Hugo Camille Thomas Julie Nicolas Céline Sébastien Stéphanie Christophe Nathalie Philippe Isabelle Alain Sylvie Michel Catherine Gérard Manon Antoine Aurélie Julien Sandrine Laurent Valérie Éric Martine Bernard",
    es: "Lucía Hugo María Daniel Paula Alejandro Laura David Cristina Javier Marta Sergio Ana Carlos Isabel Antonio Carmen José Pilar Manuel Elena Pablo Sara Álvaro Raquel Rubén Silvia Fernando Teresa Miguel",
};
const LAST: Readonly<Record<Tongue, string>> = {
    en: "Smith Patel Thornbury Jones Walker Okafor Bennett Hughes",
    de: "Müller Weber Lindemann Schulz Yılmaz Hoffmann Kowalski Becker",
    fr: "Martin Dubois Vasseur Lefèvre Nguyen Moreau Rousseau Petit",
    es: "García Fernández Ibarra López Moreno Sánchez Quiroga Romero",
};
/** Of no list: only what is said before them makes them names. */
const RARE = "Zanele Torvald Imogen Bogdan Ngozi Xiomara Radovan Ottoline Ludmilla Kazimir".split(" ");
const TITLES: Readonly<Record<Tongue, readonly string[]>> = {
    en: ["Mr", "Mrs", "Ms"],
    de: ["Herr", "Frau"],
    fr: ["Madame", "Monsieur"],
    es: ["señor", "señora"],
};

export const firstName: Make = (chance, tongue) => {
    const name = chance.pick(FIRST[tongue].split(" "));
    if (chance.next() < 0.4) return name;
    return chance.next() < 0.5 ? name.toLowerCase() : `${name} ${chance.pick(LAST[tongue].split(" "))}`;
};

export const rareName: Make = (chance) => chance.pick(RARE);

export const titled = (chance: Chance, tongue: Tongue): readonly [title: string, name: string] => [
    chance.pick(TITLES[tongue]),
    chance.pick(LAST[tongue].split(" ")),
];

export const customerNumber: Make = (chance, tongue) => {
    const number = chance.digits("#####");
    return `kd ${chance.next() < 0.5 ? number : spelled(number, tongue, chance)}`;
};
