import type { LanguageWords } from "./language-words";

const UNITS = ["ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"];
const TENS = ["zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"];

export const de: LanguageWords = {
    units: ["null", "eins", "zwei zwo", "drei", "vier", "fünf fuenf", "sechs", "sieben", "acht", "neun"],
    teens: ["zehn", "elf", "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn"],
    tens: TENS,
    compounds: Object.fromEntries(
        TENS.flatMap((ten, tens) => UNITS.map((unit, units) => [`${unit}und${ten}`, (tens + 2) * 10 + units + 1])),
    ),
    numberLinks: "",
    hundreds: "hundert",
    doubles: "doppel doppelt zweimal",
    triples: "dreimal",
    plus: "plus",
    dashes: "strich bindestrich minus",
    underscores: "unterstrich",
    dots: "punkt dot",
    ats: "at ät klammeraffe",

    months: "januar jänner februar feber märz april mai juni juli august september oktober november dezember",
    dateWords:
        "erste ersten erster zweite zweiten zweiter dritte dritten dritter vierte vierten vierter fünfte fünften fünfter sechste sechsten siebte siebten siebter achte achten achter neunte neunten neunter zehnte zehnten zehnter elfte elften elfter zwölfte zwölften zwölfter zwanzigste zwanzigsten dreißigste dreißigsten",
    yearBeginnings: ["achtzehnhundert", "neunzehnhundert", "zweitausend"],
    dateLinks: "am der den dem des im",
    birth: "geboren geburtstag geburtsdatum geb geburtstage",

    streets: "straße strasse gasse allee chaussee",
    unsureStreets: "str weg platz ring ufer damm steig",
    streetOrder: "name-street-number",
    streetEndings: ["strasse", "str", "weg", "gasse", "platz", "allee", "ring", "ufer", "damm", "chaussee", "steig"],
    noStreets:
        "parkplatz stellplatz arbeitsplatz spielplatz sitzplatz steckplatz speicherplatz bahnsteig umweg hinweg rückweg nachtlichtring lichtring hering leuchtring kochplatz schreibplatz essplatz leseplatz sprachweg ausweg frühling ampelweg startplatz",
    numberSigns: "nummer nr hausnummer",
    addressBefore:
        "adresse anschrift wohne wohnt wohnen wohnhaft liefern liefere lieferung schicken schicke zieht umgezogen",

    codeBefore:
        "pin code geheimzahl passwort kennwort kundennummer kontonummer mitgliedsnummer passnummer vertragsnummer zugangscode türcode alarmcode kombination seriennummer",
    phoneBefore:
        "ruf anrufen rufe telefon telefonnummer nummer handy handynummer mobil mobilnummer wähle erreichbar fax whatsapp festnetz durchwahl",
    idBefore:
        "steuer id steueridentifikationsnummer personalausweis personalausweisnummer ausweis ausweisnummer rentenversicherungsnummer sozialversicherungsnummer versicherungsnummer",

    firstNames:
        "peter michael thomas andreas stefan stephan matthias markus martin jürgen klaus bernd uwe frank wolfgang jörg ralf dieter manfred günter gerhard hans heinz werner horst helmut karl walter herbert rainer rolf sven jan tobias daniel sebastian alexander florian philipp felix lukas leon finn jonas paul ben noah elias maximilian moritz david fabian simon niklas johannes kevin dennis marcel patrick lars torsten holger carsten olaf maria ursula monika petra elisabeth sabine renate helga karin brigitte ingrid erika andrea gisela claudia susanne gabriele christa christine hildegard anna birgit barbara gerda martina ruth heike angelika stefanie julia katharina nicole sandra melanie anja katja tanja silke kerstin ute lena laura sarah lisa hannah mia emma sophie marie lea leonie johanna charlotte clara greta frieda mathilda nina jana tim tom nico max marco robert richard georg josef anton johann emil oskar theo jakob mats linus till ole konstantin valentin dominik christoph matthias roland volker detlef harald joachim siegfried eberhard ulrich rudolf emilia lina ella lilly amelie luisa paula lara vanessa jessica franziska annika carina sonja carola elke anke ilse irmgard edith margarete rosemarie waltraud gudrun dagmar regina cornelia doris jutta heidi veronika eva ali mehmet mustafa fatma ayşe emre",
    unsureNames:
        "rosa ernst rose heide wolf jasmin august linde viola mark kai christian mai hope max erwin iris luna stern kim franz kurt gut grete",
    surnames:
        "müller schmidt schneider fischer weber meyer wagner becker schulz hoffmann schäfer koch bauer richter klein wolf schröder neumann schwarz zimmermann braun krüger hofmann hartmann lange schmitt werner schmitz krause meier lehmann schmid schulze maier köhler herrmann könig walter mayer huber kaiser fuchs peters lang scholz möller weiß jung hahn schubert vogel friedrich keller günther frank berger winkler roth beck lorenz baumann franke albrecht schuster simon ludwig böhm winter kraus martin schumacher krämer vogt stein jäger otto sommer groß seidel heinrich brandt haas schreiber graf dietrich ziegler kuhn kühn pohl engel horn busch bergmann",
    nameLinks: "von van zu",
    personBefore:
        "ruf rufe anruf nachricht sag sage frag frage erinnere grüße grüß hallo lieber liebe namens kontaktiere triff",
    titles: "herr herrn hr",
    unsureTitles: "frau doktor dr professor fr",
    introductions: ["ich heiße", "mein name ist", "ich heisse", "name ist"],
    stops: "der die das den dem des ein eine einen einem einer und oder ist sind war in im an am auf aus zu zum zur bei mit von vom für um ab nach vor bis ich du er sie es wir ihr mich dich sich mir dir uns euch mein dein sein unser nicht kein ja nein bitte jetzt heute morgen gestern abend hier da dort was wer wie wo wann warum welche kann kannst mach mache schalte stell stelle dimme licht lampe heizung grad prozent minuten minute stunden stunde sekunden uhr hat haben wird werden kommt geht noch mehr auch nur so alle alles sagt",
    capitalsTellNames: false,
    countries: ["DE", "AT", "CH"],
};
